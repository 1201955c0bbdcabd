"""Reachability in a graph: starting points to nodes, circles included, in linear time."""

from collections.abc import Iterator


def reached(edges: list[list[int]], marks: list[int]) -> list[int]:
    """
    Return the marks of every node: its own, and those of all nodes that lead to it.

    *edges* holds the nodes that each node leads to; *marks* are sets of bits.

    Source: R. Tarjan, Depth-first search and linear graph algorithms, 1972.
    """
    found = list(marks)
    # A circle comes after all that it leads to: backwards, causes come before effects.
    for circle in reversed(list(_circles(edges))):
        mark = 0
        for node in circle:
            mark |= found[node]
        for node in circle:
            found[node] = mark
            for below in edges[node]:
                found[below] |= mark
    return found


def _circles(edges: list[list[int]]) -> Iterator[list[int]]:
    """Return the strongly connected components, those that others lead to first."""
    numbers: dict[int, int] = {}
    lowest: dict[int, int] = {}
    stack: list[int] = []
    is_open: set[int] = set()
    for start in range(len(edges)):
        walk = [(start, iter(edges[start]))] if start not in numbers else []
        while walk:
            node, below = walk[-1]
            if node not in numbers:
                numbers[node] = lowest[node] = len(numbers)
                stack.append(node)
                is_open.add(node)
            following = next((one for one in below if one not in numbers or one in is_open), None)
            if following is None:
                walk.pop()
                if walk:
                    lowest[walk[-1][0]] = min(lowest[walk[-1][0]], lowest[node])
                if lowest[node] == numbers[node]:
                    yield _closed(node, stack, is_open)
            elif following in numbers:
                lowest[node] = min(lowest[node], numbers[following])
            else:
                walk.append((following, iter(edges[following])))


def _closed(node: int, stack: list[int], is_open: set[int]) -> list[int]:
    """Take the circle that *node* was the first of off the *stack*."""
    circle = [stack.pop()]
    while circle[-1] != node:
        circle.append(stack.pop())
    is_open.difference_update(circle)
    return circle
