"""ASGI scopes as carriers of the findings of one layer to those below it."""

from typing import Self

from starlette.types import Scope


class ScopeMember:
    """An object that the ASGI scope of its request carries down, one of each class."""

    __slots__ = ()

    def put_into(self, scope: Scope) -> Scope:
        """Return *scope* with this object in it."""
        return {**scope, _key(type(self)): self}

    @classmethod
    def of(cls, scope: Scope) -> Self:
        """
        Return the one that *scope* carries.

        Raises:
            TypeError: it carries none, since it did not come through the gateway.
        """
        member = scope.get(_key(cls))
        if not isinstance(member, cls):
            message = "the scope did not come through the gateway"
            raise TypeError(message)
        return member


def _key(kind: type) -> str:
    return f"altinn_notifications_mock.{kind.__name__}"
