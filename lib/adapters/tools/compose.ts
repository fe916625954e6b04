/** Docker Compose as a judge of Compose files. It needs no daemon for that. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { toolEnvironment } from './environment';
import { findTool, type NoTool, type Tool } from './find-tool';
import { homeIn, repositoryIn, withPrivateFolder } from './private-folder';
import { runProgram } from './run-program';
import { troubleWith } from './trouble';

/** What Compose is given: the files of one project. */
export interface ComposeProjectFiles {
  /** The project's own files in the order of their `-f`, from the repository's root. */
  main: readonly string[];
  /** Every file that is needed, the main ones too. */
  files: ReadonlyMap<string, string>;
  /** Values for the variables that have none. */
  variables: Readonly<Record<string, string>>;
}

export type ComposeAnswer =
  | { kind: 'accepted' }
  /** What Compose says, without the warnings and without where our folder is. It stops at the first fault. */
  | { kind: 'refused'; message: string };

/**
 * `docker compose config -q`.
 * @throws Error where Compose neither accepted nor refused in time.
 */
export async function composeConfig(tool: Tool, project: ComposeProjectFiles): Promise<ComposeAnswer> {
  return withPrivateFolder(project.files, async (folder) => {
    const variables = join(folder, 'variables.env');
    await writeFile(
      variables,
      Object.entries(project.variables)
        .map(([name, value]) => `${name}=${value}\n`)
        .join(''),
    );
    const repository = repositoryIn(folder);
    const files = project.main.flatMap((path) => ['-f', join(repository, path)]);
    const options = ['--env-file', variables, '--project-name', 'slipway-check', '--profile', '*'];
    const result = await runProgram(tool.command, [...tool.before, ...files, ...options, 'config', '-q'], {
      folder: repository,
      environment: toolEnvironment(homeIn(folder)),
    });
    const trouble = troubleWith('docker compose', result);
    if (trouble !== undefined) throw new Error(trouble);
    if (result.code === 0) return { kind: 'accepted' };
    const said = `${result.out}\n${result.err}`.split('\n').filter((line) => !/^time=.* level=\w+ /.test(line));
    return { kind: 'refused', message: said.join('\n').replaceAll(`${repository}/`, '').trim() };
  });
}

/** Docker Compose, second edition or newer. */
export function findCompose(): Promise<Tool | NoTool> {
  return findTool('compose');
}
