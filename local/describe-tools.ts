/** Tells who starts Slipway whether the programs that judge a change are here, as portal and worker find them: in .tools, or on the PATH. */
import { findTool, toolNames, type NoTool, type Tool } from '@/lib/adapters/tools/find-tool';

/** Lines for the terminal: the versions where all are here, else what is absent and how to provide it. */
export async function describeTools(find: (name: (typeof toolNames)[number]) => Promise<Tool | NoTool> = findTool) {
  const found = await Promise.all(toolNames.map(async (name) => ({ name, tool: await find(name) })));
  const absent = found.flatMap(({ tool }) => (tool.kind === 'absent' ? [`  ${tool.how}`] : []));
  if (absent.length > 0)
    return [
      'Not every check of a change can run:',
      ...absent,
      '  Until then such a check says "not run", and stops nothing. Slipway need not be started again.',
    ].join('\n');
  const versions = found.flatMap(({ name, tool }) => (tool.kind === 'found' ? [`${name} ${tool.version}`] : []));
  return `Checks of a change: all, with ${versions.join(', ')}`;
}
