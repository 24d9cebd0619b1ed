"""Why a backup or a restore stops. For whoever runs the command, so in English as all of it."""


class BackupRefused(Exception):
    """A backup or restore that was not done; the sentence says why. Nothing was changed."""
