/** Questions about the graph of commits: who descends from whom, where two lines of work parted, what lies between. */
import type { ObjectStore } from './object-store';

export class History {
  constructor(private readonly store: ObjectStore) {}

  /** The commit and everything that it builds on. */
  async ancestors(oid: string): Promise<Set<string>> {
    const seen = new Set([oid]);
    const open = [oid];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      for (const parent of (await this.store.requireCommit(next)).parents) {
        if (seen.has(parent)) continue;
        seen.add(parent);
        open.push(parent);
      }
    }
    return seen;
  }

  /** Whether `descendant` contains `ancestor`; a commit contains itself. */
  async contains(descendant: string, ancestor: string): Promise<boolean> {
    return descendant === ancestor || (await this.ancestors(descendant)).has(ancestor);
  }

  /** The best common ancestors of two commits; none where the histories are unrelated. */
  async mergeBases(a: string, b: string): Promise<string[]> {
    const ofB = await this.ancestors(b);
    const common = [...(await this.ancestors(a))].filter((oid) => ofB.has(oid));
    // Whatever is a parent of a common ancestor is not the best one: common ancestors are closed under parents.
    const covered = new Set<string>();
    for (const oid of common) for (const parent of (await this.store.requireCommit(oid)).parents) covered.add(parent);
    return common.filter((oid) => !covered.has(oid));
  }

  /** The commits of `head` that `base` does not contain, parents before children. */
  async between(base: string | undefined, head: string): Promise<string[]> {
    const excluded = base === undefined ? new Set<string>() : await this.ancestors(base);
    const order: string[] = [];
    const done = new Set<string>(excluded);
    const stack: { oid: string; parents: readonly string[]; next: number }[] = [];
    const enter = async (oid: string) => {
      if (done.has(oid)) return;
      done.add(oid);
      stack.push({ oid, parents: (await this.store.requireCommit(oid)).parents, next: 0 });
    };
    await enter(head);
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const parent = top.parents[top.next];
      if (parent === undefined) {
        order.push(top.oid);
        stack.pop();
      } else {
        top.next += 1;
        await enter(parent);
      }
    }
    return order;
  }
}
