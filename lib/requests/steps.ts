/**
 * Durable steps: each leaves a checkpoint, and what is done is never run again. A process may die at any point, also after the outside world
 * has changed and before the checkpoint is written; a step therefore has to find again what it made (ensure-*).
 */
import type { z } from 'zod';
import { db } from '@/lib/db';
import { isSlipwayError, UpstreamError } from '@/lib/errors';
import { announce } from '@/lib/events';
import type { Prisma } from '@/lib/generated/prisma/client';
import { log, newReference } from '@/lib/log';
import { LOCK_PATIENCE, retryingTransaction } from '@/lib/transactions';
import { backoffSeconds, maxAttempts, owableSteps, waitSeconds } from './step-policy';
import type { StepName } from './views';

/** Tries of a step that fails for a reason that we do not know: it is most likely a fault in Slipway. */
const UNEXPECTED_ATTEMPTS = 3;

/** A step that failed: recorded already. `nextAttemptAt` is undefined where trying again is a person's decision. */
export class StepFailure extends Error {
  constructor(
    readonly step: StepName,
    readonly publicMessage: string,
    readonly reference: string,
    readonly attempts: number,
    readonly nextAttemptAt: Date | undefined,
    /** The system that asked to wait, where nothing else is wrong. */
    readonly limitedBy: string | undefined,
    options: { cause: unknown },
  ) {
    super(`step ${step}: ${publicMessage}`, options);
    this.name = 'StepFailure';
  }
}

/** The request went another way while the step was running (cancelled, failed by its lease, finished by another process): stop here. */
export class RequestMovedError extends Error {
  override name = 'RequestMovedError';
}

/** A named point between two effects, for the log: where a process was when it died. */
export function checkpoint(requestId: number, name: string): void {
  log('requests').debug({ requestId, checkpoint: name }, 'checkpoint');
}

export interface Step<Schema extends z.ZodType> {
  /** What the step leaves for those after it; read back through this. */
  result: Schema;
  /** The effect on the outside world. Runs outside of any transaction and may run twice. */
  run: () => Promise<z.input<Schema>>;
  /** Written in one transaction with the checkpoint, once. */
  finish?: (tx: Prisma.TransactionClient, result: z.output<Schema>, durationMs: number) => Promise<void>;
}

/**
 * Runs a step unless its checkpoint stands.
 * @returns what it left, now or earlier.
 * @throws StepFailure where it failed; RequestMovedError from `finish`, or where somebody else runs the step by now, unrecorded.
 */
export async function runStep<Schema extends z.ZodType>(
  requestId: number,
  name: StepName,
  step: Step<Schema>,
): Promise<z.output<Schema>> {
  const done = await readCheckpoint(requestId, name, step.result);
  if (done !== undefined) return done.result;
  const started = new Date();
  const { attempts } = await db().requestStep.upsert({
    where: { requestId_name: { requestId, name } },
    create: { requestId, name, status: 'running', attempts: 1, startedAt: started },
    update: { status: 'running', attempts: { increment: 1 }, startedAt: started, nextAttemptAt: null },
  });
  checkpoint(requestId, `${name}.started`);
  try {
    const produced: unknown = await step.run();
    checkpoint(requestId, `${name}.done`);
    return await writeCheckpoint(requestId, name, step, produced, attempts, started);
  } catch (error) {
    if (error instanceof RequestMovedError) throw error;
    throw await recordFailure(requestId, name, attempts, error);
  }
}

/** Notes that this request does not need the step. */
export async function skipStep(database: Prisma.TransactionClient, requestId: number, name: StepName): Promise<void> {
  await database.requestStep.upsert({
    where: { requestId_name: { requestId, name } },
    create: { requestId, name, status: 'skipped' },
    update: {},
  });
}

/** Lets steps that wait for a person or for their time start afresh: their tries count from nought. */
export async function rearmSteps(database: Prisma.TransactionClient, requestId: number): Promise<number> {
  const { count } = await database.requestStep.updateMany({
    where: { requestId, status: { in: ['failed', 'owed', 'pending', 'running'] } },
    data: { attempts: 0, nextAttemptAt: null },
  });
  return count;
}

async function readCheckpoint<Schema extends z.ZodType>(
  requestId: number,
  name: StepName,
  schema: Schema,
): Promise<{ result: z.output<Schema> } | undefined> {
  const row = await db().requestStep.findUnique({ where: { requestId_name: { requestId, name } } });
  return row?.status === 'done' ? { result: schema.parse(row.result) } : undefined;
}

async function writeCheckpoint<Schema extends z.ZodType>(
  requestId: number,
  name: StepName,
  step: Step<Schema>,
  produced: unknown,
  attempts: number,
  started: Date,
): Promise<z.output<Schema>> {
  const result = step.result.parse(produced);
  const finished = new Date();
  // What a step finishes with may wait for the lock of a host's ports, behind everybody who is submitting.
  await retryingTransaction(async (tx) => {
    // Whoever started the step after us owns it now: one checkpoint is written, once.
    const { count } = await tx.requestStep.updateMany({
      where: { requestId, name, status: 'running', attempts },
      data: {
        status: 'done',
        result: result as Prisma.InputJsonValue,
        finishedAt: finished,
        error: null,
        reference: null,
      },
    });
    if (count === 0) throw new RequestMovedError(`step ${name} of request ${requestId} was taken over`);
    await step.finish?.(tx, result, finished.getTime() - started.getTime());
    await announce(tx, `request:${requestId}`);
  }, LOCK_PATIENCE);
  checkpoint(requestId, `${name}.checkpointed`);
  return result;
}

async function recordFailure(
  requestId: number,
  name: StepName,
  attempts: number,
  error: unknown,
): Promise<StepFailure> {
  const reference = newReference();
  log('requests').warn({ err: error, requestId, step: name, attempts, reference }, 'a step failed');
  const known = isSlipwayError(error);
  const message = known
    ? error.publicMessage
    : `Something went wrong in Slipway. Give ${reference} to an operator, or try again.`;
  const most = known ? maxAttempts(name) : UNEXPECTED_ATTEMPTS;
  const again = known ? error instanceof UpstreamError && error.retryable : true;
  // Being asked to wait is no failure: the try does not count.
  const asked = error instanceof UpstreamError && error.retryable ? error.retryAfterSeconds : undefined;
  const nextAttemptAt =
    asked !== undefined
      ? secondsFromNow(waitSeconds(asked))
      : again && attempts < most
        ? secondsFromNow(backoffSeconds(attempts))
        : undefined;
  await db().$transaction(async (tx) => {
    const { count } = await tx.requestStep.updateMany({
      where: { requestId, name, status: 'running', attempts },
      data: {
        status: owableSteps.has(name) ? 'owed' : nextAttemptAt ? 'pending' : 'failed',
        error: message,
        reference,
        attempts: asked === undefined ? attempts : attempts - 1,
        finishedAt: new Date(),
        nextAttemptAt: nextAttemptAt ?? null,
      },
    });
    // As in writeCheckpoint: how it went is for whoever started it after us to say.
    if (count === 0) throw new RequestMovedError(`step ${name} of request ${requestId} was taken over`);
    await announce(tx, `request:${requestId}`, 'requests');
  });
  const limitedBy = asked !== undefined && error instanceof UpstreamError ? error.system : undefined;
  return new StepFailure(name, message, reference, attempts, nextAttemptAt, limitedBy, { cause: error });
}

function secondsFromNow(seconds: number): Date {
  return new Date(Date.now() + seconds * 1000);
}
