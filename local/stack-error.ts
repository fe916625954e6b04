// The one error that `make up` prints as a plain sentence. Anything else that is thrown is a defect and shows its stack.

/** Thrown when the local stack cannot start or go on for a reason the person can do something about. */
export class StackError extends Error {
  override name = 'StackError';
}

/** Turns the file system's refusals into a sentence about the folder; everything else is returned as it came. */
export function explainFileError(error: unknown, directory: string): unknown {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new StackError(`The disk that holds ${directory} is full. Make room there, then start again.`, {
        cause: error,
      });
    case 'EACCES':
    case 'EPERM':
      return new StackError(
        `This account may not write in ${directory}. Give the folder to it (chown -R), or start Slipway as its owner.`,
        { cause: error },
      );
    case 'EROFS':
      return new StackError(`${directory} is on a read-only disk. Put the project where it can be written.`, {
        cause: error,
      });
    case 'ENOTDIR':
    case 'EEXIST':
      return new StackError(`${directory} should be a folder and is a file. Move it away, then start again.`, {
        cause: error,
      });
    default:
      return error;
  }
}
