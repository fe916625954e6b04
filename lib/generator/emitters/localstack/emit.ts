/**
 * The init script of LocalStack (runbook-024, section 6): a service's secrets, parameters and queues. The script runs at every start, so what is
 * added creates what is absent and leaves alone what is there. No value stands in it: it is made when the script runs, or says who sets it.
 */
import { whyUnread } from '../../observe/read-yaml';
import type { Conflict, Emission, EmitContext, Emitter, Finding, Refusal } from '../../types';
import { createCall, messagingCalls, namesOf, storedSecrets, type NewCall } from './calls';
import { localstackFollowUps } from './follow-ups';
import { readInitScript, type InitScript } from './init-script';
import { insertCalls } from './insertions';
import { ownedInLocalstack } from './owned';
import { servicesOff } from './running';

export const localstackEmitter: Emitter = {
  name: 'localstack',
  commit: 'runtime',
  applies: (context) => context.profile.secrets?.localstackInit !== undefined && isConcerned(context),
  emit,
  owned: ownedInLocalstack,
};

function isConcerned(context: EmitContext): boolean {
  const { secrets, queues, topics } = namesOf(context);
  return secrets.length + queues.length + topics.length > 0;
}

function emit(context: EmitContext): Emission {
  const { profile, tree } = context;
  const path = profile.secrets?.localstackInit;
  if (path === undefined) return { edits: [] };
  const text = tree.read(path);
  const read =
    text === undefined
      ? { ok: false as const, reason: `The file ${whyUnread(context.tree, path)}.` }
      : readInitScript(path, text);
  if (!read.ok) return { edits: [], refusals: [refusal(path, read, context)] };
  const { script } = read;
  const conflicts = queueConflicts(script, context);
  const there = new Map(
    script.calls.flatMap((call) => (call.name === undefined ? [] : [[`${call.kind} ${call.name}`, call] as const])),
  );
  const missing = storedSecrets(context).filter((secret) => !there.has(`${secret.store} ${secret.stored}`));
  const taken = new Set(conflicts.map((conflict) => conflict.field));
  const messaging = messagingCalls(script, context).filter(
    (call) =>
      !there.has(`${call.helpers.length > 0 ? 'queue' : 'topic'} ${call.name}`) &&
      !taken.has(queueField(call.name, context)),
  );
  const calls = (store: 'secret' | 'parameter') =>
    missing.filter((secret) => secret.store === store).map((secret) => createCall(secret, script, context));
  const wanted = { secrets: calls('secret'), parameters: calls('parameter'), messaging };
  return {
    edits: insertCalls(script, context, namesOf(context).secrets, wanted),
    conflicts,
    findings: [...overwritten(script, context), ...servicesOff(context)],
    followUps: localstackFollowUps(context),
  };
}

/** What cannot be edited, with the lines to paste: plain commands, which need nothing of the file. */
function refusal(path: string, { line, reason }: { line?: number; reason: string }, context: EmitContext): Refusal {
  const empty = readInitScript('paste.sh', '');
  const calls: NewCall[] = empty.ok
    ? [
        ...storedSecrets(context).map((secret) => createCall(secret, empty.script, context)),
        ...messagingCalls(empty.script, context),
      ]
    : [];
  const helpers = new Map(calls.flatMap((call) => call.helpers).map((helper) => [helper.kind, helper.text ?? '']));
  return {
    path,
    ...(line === undefined ? {} : { line }),
    reason,
    paste: { under: path, text: [...helpers.values(), ...calls.map((call) => call.text)].join('\n').trimEnd() },
  };
}

function queueField(name: string, { manifest }: EmitContext): string {
  return `messaging.queues.${manifest.messaging.queues.findIndex((queue) => queue.name === name)}.name`;
}

/** Queues of the spec that the script creates in another way: two readers of one queue take each other's messages. */
function queueConflicts(script: InitScript, context: EmitContext): Conflict[] {
  const helper = messagingCalls(script, context).flatMap((call) => call.helpers)[0];
  return context.manifest.messaging.queues.flatMap((queue): Conflict[] => {
    const other = script.calls.find(
      (call) =>
        call.kind === 'queue' &&
        call.through !== helper?.name &&
        new RegExp(`(?<![\\w-])${queue.name}(?![\\w-])`).test(
          script.text.slice(call.statement.start, call.statement.end),
        ),
    );
    if (!other) return [];
    return [
      {
        kind: 'name',
        field: queueField(queue.name, context),
        path: script.path,
        line: script.text.slice(0, other.statement.start).split('\n').length,
        message: `The script creates a queue ${queue.name} already. Choose another name, or take that one out first.`,
      },
    ];
  });
}

/** Secrets of the spec that the script sets again at every start: whoever sets them by hand has to know. */
function overwritten(script: InitScript, context: EmitContext): Finding[] {
  const names = new Set(storedSecrets(context).map((secret) => secret.stored));
  return script.calls.flatMap((call): Finding[] => {
    const maker = script.functions.find((one) => one.name === call.through);
    if (!names.has(call.name ?? '') || !maker || maker.once) return [];
    return [
      {
        kind: 'secret-overwritten',
        path: script.path,
        line: script.text.slice(0, call.statement.start).split('\n').length,
        message: `${call.name ?? ''} is created here already, by ${maker.name}, which sets it again at every start. It was left as it is.`,
      },
    ];
  });
}
