"""Messages of the errors in a request to create an order."""

from enum import StrEnum


class Message(StrEnum):
    """
    The service's messages, letter for letter, slips included; `{}` is filled in.

    Those under "our own" are told where the real service fails with a 500.

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

    # Of the modern creates.
    PAST_NOW = "RequestedSendTime must be greater than or equal to now."
    NO_ABSOLUTE_CONDITION = "ConditionEndpoint must be a valid absolute URI or null."
    NO_WEB_CONDITION = "ConditionEndpoint must use http or https scheme."
    ONE_RECIPIENT = "Must have exactly one recipient."
    SENDER_EMAIL_ADDRESS = "The sender email address is not valid."
    EMAIL_POLICY = "Email only supports send time anytime"
    EMAIL_CONTENT_TYPE = "Email content type must be either Plain or HTML."
    PHONE_NUMBER = "Recipient phone number is not a valid mobile number."
    SMS_POLICY = "SMS only supports send time daytime and anytime"
    CHANNEL_SCHEMA = "Invalid channel scheme value."
    EMAIL_SETTINGS_FOR_BOTH = "EmailSettings must be set when ChannelSchema is EmailAndSms"
    SMS_SETTINGS_FOR_BOTH = "SmsSettings must be set when ChannelSchema is EmailAndSms"
    EMAIL_SETTINGS_FOR_PREFERRED = (
        "EmailSettings must be set when ChannelSchema is SmsPreferred or EmailPreferred"
    )
    SMS_SETTINGS_FOR_PREFERRED = (
        "SmsSettings must be set when ChannelSchema is SmsPreferred or EmailPreferred"
    )
    SMS_SETTINGS = "SmsSettings must be set when ChannelSchema is Sms"
    EMAIL_SETTINGS = "EmailSettings must be set when ChannelSchema is Email"
    RESOURCE_ID = "ResourceId must have a valid syntax."
    EXTERNAL_IDENTITY = "Invalid external identity URN format."
    DELAY_OR_TIME = "Either DelayDays or RequestedSendTime must be defined, but not both."
    SHORT_DELAY = "DelayDays must be greater than or equal to 1 day."
    TIME_BESIDE_DELAY = "RequestedSendTime must be null when DelayDays is set."
    DELAY_BESIDE_TIME = "DelayDays must be null when RequestedSendTime is set."
    REMINDER_NO_ZONE = "The RequestedSendTime must have specified a time zone."
    REMINDER_PAST = "RequestedSendTime must be greater than or equal to the current UTC time."
    TIME_TO_LIVE = "Time-to-live must be between 60 and 172800 seconds (48 hours)."
    NULL_ATTACHMENT = "Attachment item must not be null."
    FILENAME = (
        "Attachment '{}': filename must not contain path separators, and must include a file "
        "extension."
    )
    SAS_URL_NOT_HTTPS = "Attachment '{}': sasUrl must be an absolute HTTPS URI."
    SAS_URL_HOST = (
        "Attachment '{}': sasUrl host must be within Azure Blob Storage (*.blob.core.windows.net)."
    )
    SAS_URL_PARAMETERS = (
        "Attachment '{}': sasUrl is missing required SAS parameters (se, sig, sp, sr)."
    )
    SAS_URL_EXPIRY = "Attachment '{}': sasUrl has an invalid 'se' (signed expiry) value."
    SAS_URL_PERMISSION = (
        "Attachment '{}': sasUrl does not grant read permission ('r' must be present in 'sp')."
    )
    MIME_TYPE = (
        "Attachment '{}': mimeType is not supported. Refer to ACS documentation for the list of "
        "accepted MIME types."
    )
    SAS_URL_TOO_SHORT = (
        "Attachment '{}': sasUrl must be valid for at least 15 minutes after requestedSendTime."
    )
    TOO_MANY = "The input was not valid."

    # Our own.
    NULL_REMINDER = "A reminder must not be null. Send an object with a recipient, or leave it out."
    LONG_DELAY = "DelayDays leads beyond the year 9999. Send fewer days."
    LONG_ID = "IdempotencyId has {} bytes of UTF-8, and at most 2600 are kept. Send a shorter one."
    NUL = "The text holds the character U+0000, which cannot be stored. Send it without."
