/** What Docker Compose says of a repository's projects, for tests. The same project is asked about once. */
import { composeConfig, findCompose } from '@/lib/adapters/tools/compose';
import { gatherProject } from './checks/compose-projects';
import { listComposeFiles } from './observe/compose-files';
import type { TestRepository } from './test-repositories';
import type { Tree } from './types';

/**
 * @param tree the repository after a change.
 * @returns a complaint for each project that Compose takes in the repository as it was and refuses now.
 * @throws where there is no Compose: a tool that is absent proves nothing.
 */
export async function composeComplaints({ tree: base, profile }: TestRepository, tree: Tree): Promise<string[]> {
  const tool = await findCompose();
  if (tool.kind === 'absent') throw new Error(tool.how);
  const complaints: string[] = [];
  for (const { path } of listComposeFiles(tree, profile)) {
    const after = gatherProject(tree, path);
    const before = gatherProject(base, path);
    if (after.outside.length > 0 || JSON.stringify([...after.files]) === JSON.stringify([...before.files])) continue;
    const answer = await composeConfig(tool, after);
    if (answer.kind === 'accepted') continue;
    if ((await composeConfig(tool, before)).kind === 'accepted') complaints.push(`${path}: ${answer.message}`);
  }
  return complaints;
}
