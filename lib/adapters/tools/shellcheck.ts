/** shellcheck on one script, which it is given as text: no file is read, whatever the script names. */
import { tmpdir } from 'node:os';
import { z } from 'zod';
import { toolEnvironment } from './environment';
import { findTool, type NoTool, type Tool } from './find-tool';
import { runProgram } from './run-program';
import { troubleWith } from './trouble';

const Comment = z.object({
  line: z.number(),
  level: z.enum(['error', 'warning', 'info', 'style']),
  code: z.number(),
  message: z.string(),
});
const Output = z.object({ comments: z.array(Comment) });

/** One finding; lines count from 1. */
export type ShellFinding = z.infer<typeof Comment>;

/**
 * Everything that shellcheck finds in a script.
 * @throws Error where it gave no verdict in time.
 */
export async function shellFindings(tool: Tool, text: string): Promise<ShellFinding[]> {
  const result = await runProgram(tool.command, [...tool.before, '--norc', '--format=json1', '-'], {
    folder: tmpdir(),
    environment: toolEnvironment(),
    input: text,
  });
  const trouble = troubleWith('shellcheck', result);
  if (trouble !== undefined) throw new Error(trouble);
  // 0: nothing found; 1: something found. More than that, and it did not read the script.
  if (result.code === undefined || result.code > 1)
    throw new Error(`shellcheck ended with ${result.code}: ${result.err}`);
  return Output.parse(JSON.parse(result.out)).comments;
}

/** shellcheck, any version. */
export function findShellcheck(): Promise<Tool | NoTool> {
  return findTool('shellcheck');
}
