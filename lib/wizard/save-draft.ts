/**
 * Saves a draft field by field. Each patch is applied where the field still has what its writer saw; the others are named, with who wrote there. The draft's row is
 * locked meanwhile, so two saves come one after the other, and every save is kept with its author (`draft_versions`).
 */
import { z } from 'zod';
import type { Actor } from '@/lib/auth/permissions';
import { db, postgresCode, type Database } from '@/lib/db';
import { ConflictError, InputError } from '@/lib/errors';
import { announce } from '@/lib/events';
import type { PrismaClient } from '@/lib/generated/prisma/client';
import { DraftContent } from './draft-content';
import { formOf, type DraftForm } from './draft-form';
import { draftExpiry, isEnded, noSuchDraft, openTo } from './drafts';
import { applyPatches, type Json, type Patch, type PatchConflict } from './patch';
import { writerOf, type SavedDraft, type Writing } from './shared-draft';
import { findStep } from './steps/index';

/** One patch as it comes in. */
export const DraftPatch = z
  .object({
    path: z
      .string()
      .regex(/^[A-Za-z0-9-]{1,60}(\.[A-Za-z0-9-]{1,60}){0,9}$/, 'Keys and row ids with dots between them.'),
    from: z.json().optional(),
    to: z.json().optional(),
  })
  .strict();

type Author = Pick<Actor, 'id' | 'name'>;

const stepNamed = (name: string): string => findStep(name)?.name ?? 'basics';

/**
 * Begins a draft with what was typed so far. Where it was begun before, because the answer to that was lost, nothing is written: the caller gets what is there.
 * @param input.changes the live service that the draft changes, for good; without it the draft adds one.
 * @throws NotFoundError where the draft is somebody else's.
 */
export async function beginDraft(
  author: Author,
  input: { id: string; content: DraftContent; step: string; changes?: string | undefined },
  database: PrismaClient = db(),
): Promise<SavedDraft> {
  const content = formOf(input.content);
  try {
    return await database.$transaction(async (tx) => {
      const { version, updatedAt } = await tx.draft.create({
        data: {
          id: input.id,
          ownerId: author.id,
          content,
          step: stepNamed(input.step),
          changesService: input.changes ?? null,
          expiresAt: draftExpiry(),
        },
      });
      await tx.draftVersion.create({
        data: { draftId: input.id, version, authorId: author.id, authorName: author.name, patches: [] },
      });
      await announce(tx, `draft:${input.id}`);
      return { version, content, savedAt: updatedAt.toISOString(), conflicts: [], others: [] };
    });
  } catch (error) {
    if (postgresCode(error) !== '23505') throw error;
    return readShared(author, input.id, 0, database);
  }
}

/**
 * Saves what can be saved.
 * @param input.seenVersion the version that the writer last heard of: what others wrote since is told.
 * @throws NotFoundError where the draft is not theirs to write; ConflictError where it was submitted; InputError where it would be too large.
 */
export async function patchDraft(
  author: Author,
  input: { id: string; patches: readonly Patch[]; step: string; seenVersion: number },
  database: PrismaClient = db(),
): Promise<SavedDraft> {
  return database.$transaction(async (tx) => {
    await tx.$queryRaw`SELECT id FROM drafts WHERE id = ${input.id}::uuid FOR UPDATE`;
    const row = await findOpen(author, input.id, tx);
    if (row.request && !isEnded(row.request.state)) throw submitted(row.request.id);
    const before = formOf(row.content);
    const { content, applied, conflicts } = applyPatches(before, input.patches);
    const others = await writingsSince(author, input.id, input.seenVersion, tx);
    const step = stepNamed(input.step);
    const changed = content !== before;
    const version = changed ? row.version + 1 : row.version;
    const after = changed ? fitting(content) : before;
    const { updatedAt } = await tx.draft.update({
      where: { id: input.id },
      data: { ...(changed ? { content: after, version } : {}), step, expiresAt: draftExpiry() },
    });
    if (changed) {
      await tx.draftVersion.create({
        data: {
          draftId: input.id,
          version,
          authorId: author.id,
          authorName: author.name,
          patches: applied.map(withoutHoles),
        },
      });
      await announce(tx, `draft:${input.id}`);
    }
    const named = await Promise.all(conflicts.map((conflict) => withWriter(author, input.id, conflict, tx)));
    return { version, content: after, savedAt: updatedAt.toISOString(), conflicts: named, others };
  });
}

/**
 * The draft as it is, and what others wrote since a version.
 * @throws NotFoundError where it is not the reader's to see.
 */
export async function readShared(
  reader: Author,
  id: string,
  seenVersion: number,
  database: Database = db(),
): Promise<SavedDraft> {
  const row = await findOpen(reader, id, database);
  const requestId = row.request && !isEnded(row.request.state) ? row.request.id : undefined;
  return {
    version: row.version,
    content: formOf(row.content),
    savedAt: row.updatedAt.toISOString(),
    conflicts: [],
    others: await writingsSince(reader, id, seenVersion, database),
    ...(requestId === undefined ? {} : { requestId }),
  };
}

async function findOpen(actor: Author, id: string, database: Database) {
  const row = await database.draft.findFirst({
    where: { id, ...openTo(actor) },
    include: { request: { select: { id: true, state: true } } },
  });
  if (!row) throw noSuchDraft();
  return row;
}

function submitted(requestId: number): ConflictError {
  const label = `request ${requestId}`;
  return new ConflictError(
    `This draft was submitted as ${label}. What is to be different goes into a change of its own.`,
    {
      owner: { label, href: `/requests/${requestId}` },
    },
  );
}

/** @throws InputError where the draft holds more than a draft may. */
function fitting(content: Json): DraftForm {
  const parsed = DraftContent.safeParse(content);
  if (!parsed.success) throw new InputError(parsed.error.issues[0]?.message ?? 'This is no draft.');
  return formOf(parsed.data);
}

/** As JSON has it: what was not there has no key. */
function withoutHoles({ path, from, to }: Patch): { path: string; from?: Json; to?: Json } {
  return { path, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
}

const StoredPatches = z.array(z.object({ path: z.string() }));

/** Saves that are looked through for who wrote a field: whoever wrote before these is not named. */
const MOST_SAVES = 200;

/** Which fields were written after a version, by whom, newest first; the reader's own saves from elsewhere too. */
async function writingsSince(reader: Author, id: string, version: number, database: Database): Promise<Writing[]> {
  const saves = await database.draftVersion.findMany({
    where: { draftId: id, version: { gt: version } },
    orderBy: { version: 'desc' },
    take: MOST_SAVES,
  });
  return saves.flatMap(({ authorId, authorName, patches }) =>
    StoredPatches.parse(patches).map(({ path }) => ({ path, by: authorName, you: authorId === reader.id })),
  );
}

async function withWriter(
  reader: Author,
  id: string,
  { path, wanted, current }: PatchConflict,
  database: Database,
): Promise<SavedDraft['conflicts'][number]> {
  const writer = writerOf(path, await writingsSince(reader, id, 0, database));
  return {
    path,
    ...(wanted === undefined ? {} : { wanted }),
    ...(current === undefined ? {} : { current }),
    ...(writer ? { by: writer.by } : {}),
  };
}
