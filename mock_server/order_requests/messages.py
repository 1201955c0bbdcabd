"""Every sentence with which a request to create an order is refused."""

from enum import StrEnum


class Message(StrEnum):
    """
    The service's messages, letter for letter, slips included; `{}` is filled in.

    NULL_RECIPIENT is our own: there the real service fails with a 500.

    Source: docs/differences.md; openapi.yaml, createOrder.
    """

    NO_BODY = "A non-empty request body is required."
    REQUIRED = "The {} field is required."
    NO_CHANNEL = "A notification channel must be defined."
    NO_ZONE = "The requested send time value must have specified a time zone."
    PAST = "Send time must be in the future. Leave blank to send immediately."
    CONDITION_ENDPOINT = "The condition endpoint must be a valid URL."
    ACTION_WITHOUT_RESOURCE = "ResourceAction cannot be specified without a ResourceId."
    BLANK_ACTION = "ResourceAction cannot be blank or whitespace."
    NO_RECIPIENT = "One or more recipient is required."
    NULL_RECIPIENT = (
        "A recipient must not be null. Send an object with an address or a number, or leave it out."
    )
    UNREACHABLE_BY_EMAIL = (
        "Either a valid email address, organization number, or national identity number must be "
        "provided for each recipient."
    )
    UNREACHABLE_BY_SMS = (
        "Either a valid mobile number starting with country code, organization number, or "
        "national identity number must be provided for each recipient."
    )
    UNREACHABLE = (
        "Either a valid email address, mobile number starting with country code, organization "
        "number, or national identity number must be provided for each recipient."
    )
    EMAIL_ADDRESS = "Invalid email address format."
    MOBILE_NUMBER = (
        "Mobile number can contain only '+' and numeric characters, and it must adhere to the "
        "E.164 standard."
    )
    NATIONAL_IDENTITY_NUMBER = "National identity number must be 11 digits long."
    ORGANIZATION_NUMBER = "Organization number must be 9 digits long."
    COMBINED_NATIONAL_IDENTITY_NUMBER = (
        "National identity number cannot be combined with email address, mobile number, or "
        "organization number."
    )
    COMBINED_ORGANIZATION_NUMBER = (
        "Organization number cannot be combined with email address, mobile number, or national "
        "identity number."
    )
    NO_EMAIL_TEMPLATE = "An email template is required for the selected notification channel."
    NO_SMS_TEMPLATE = "An SMS template is required for the selected the notification channel."
    EMPTY_EMAIL_BODY = "The email template body must not be empty."
    EMPTY_EMAIL_SUBJECT = "The email template subject must not be empty."
    EMPTY_SMS_BODY = "The SMS template body must not be empty."
