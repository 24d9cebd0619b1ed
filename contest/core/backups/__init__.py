"""Backup and restore of everything: rows of all tables and the files that people handed in."""

from contest.core.backups.refusals import BackupRefused
from contest.core.backups.restoring import RestoreReport, restore_backup
from contest.core.backups.taking import BackupReport, take_backup

__all__ = ["BackupRefused", "BackupReport", "RestoreReport", "restore_backup", "take_backup"]
