/** The command cannot be run as it was typed, or something it needs cannot be read: exit code 1, with a message that says what to do. */
export class UsageError extends Error {}

/** What the operating system refused, in words. */
export function explainSystemError(error: unknown, path: string): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  switch (code) {
    case 'ENOENT':
      return `${path} does not exist.`;
    case 'EACCES':
    case 'EPERM':
      return `${path} may not be read by this user. Change its permissions, or run the command as its owner.`;
    case 'ENOTDIR':
      return `${path} is a file, not a folder.`;
    case 'EISDIR':
      return `${path} is a folder, not a file.`;
    case 'ELOOP':
      return `${path} is a symbolic link that leads back to itself.`;
    default:
      return `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  }
}
