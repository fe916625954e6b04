/** Entries of the audit, newest first: when, who and from where, what, and each field as it was and as it is. */
import Link from 'next/link';
import { RelativeTime } from '@/components/ui/relative-time';
import {
  auditHref,
  fieldChanges,
  NOT_KEPT,
  subjectHref,
  type AuditEntryView,
  type FieldChange,
} from '@/lib/audit/views';

/** Fields that are shown at once; the rest is one click away. */
const AT_ONCE = 3;

const kindWords: Record<string, string> = {
  person: 'person',
  token: 'token',
  job: 'job',
  system: 'system',
  database: 'at the database',
};

const subjectWords: Record<string, string> = {
  refresh: 'branch refresh',
  step: 'step',
  delivery: 'webhook',
  editor: 'access to draft',
  user: 'user',
};

/** The id of somebody or something that has entries of its own. */
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** A value; one that is an id leads to what is known of it. */
function Value({ text }: { text: string }) {
  if (!ID.test(text)) return text;
  return (
    <Link prefetch={false} href={auditHref({ on: text })} title="Entries of this one" className="hover:underline">
      {text}
    </Link>
  );
}

function Values({ change }: { change: FieldChange }) {
  if (change.after === NOT_KEPT)
    return (
      <li className="text-ink-3">
        {change.field} <span className="text-12">changed; what it says is not kept here</span>
      </li>
    );
  return (
    <li className="grid grid-cols-[minmax(0,8.5rem)_minmax(0,1fr)] gap-x-2">
      <span className="text-ink-3">{change.field}</span>
      <span className="mono wrap-anywhere">
        {change.before === undefined ? null : (
          <del className="bg-(--del-wash) text-(--del-ink) no-underline">
            <span className="sr-only">was </span>
            <Value text={change.before} />
          </del>
        )}
        {change.before !== undefined && change.after !== undefined ? (
          <span aria-hidden="true" className="px-1 text-ink-3">
            →
          </span>
        ) : null}
        {change.after === undefined ? null : (
          <ins className="bg-(--add-wash) text-(--add-ink) no-underline">
            <span className="sr-only">is </span>
            <Value text={change.after} />
          </ins>
        )}
      </span>
    </li>
  );
}

function Changes({ entry }: { entry: AuditEntryView }) {
  const changes = fieldChanges(entry);
  const more = changes.slice(AT_ONCE);
  return (
    <>
      <ul>
        {changes.slice(0, AT_ONCE).map((change) => (
          <Values key={change.field} change={change} />
        ))}
      </ul>
      {more.length > 0 ? (
        <details>
          <summary className="w-max cursor-pointer text-12 text-ink-2 hover:text-ink">
            {more.length} more {more.length === 1 ? 'field' : 'fields'}
          </summary>
          <ul>
            {more.map((change) => (
              <Values key={change.field} change={change} />
            ))}
          </ul>
        </details>
      ) : null}
    </>
  );
}

function Who({ entry: { actor } }: { entry: AuditEntryView }) {
  return (
    <>
      <Link prefetch={false} href={auditHref({ who: actor.name })} className="hover:underline">
        {actor.name}
      </Link>
      {actor.kind === 'person' ? null : (
        <span className="text-12 text-ink-3"> {kindWords[actor.kind] ?? actor.kind}</span>
      )}
    </>
  );
}

function Where({ entry }: { entry: AuditEntryView }) {
  const { address, correlationId, userAgent, way } = entry;
  // A job's operation is its name, which stands there already.
  const operation = entry.actor.kind === 'job' ? '' : (entry.operation ?? (way === 'database' ? 'past Slipway' : way));
  return (
    <span className="text-12 text-ink-3">
      <span title={userAgent}>
        {operation}
        {address ? <span className="mono"> {address}</span> : null}
      </span>
      {correlationId ? (
        <>
          {' '}
          <Link prefetch={false} href={auditHref({ q: correlationId })} title={correlationId} className="link">
            same call
          </Link>
        </>
      ) : null}
    </span>
  );
}

function What({ entry }: { entry: AuditEntryView }) {
  const { action, subject, service } = entry;
  const href = subjectHref(entry);
  const name = `${subjectWords[subject.kind] ?? subject.kind} ${subject.id}`;
  return (
    <>
      {href ? (
        <Link prefetch={false} href={href} data-row-link className="font-medium outline-offset-0">
          {name}
        </Link>
      ) : (
        <span className="font-medium">{name}</span>
      )}{' '}
      {action}
      {service && service !== subject.id ? <span className="text-12 text-ink-3"> {service}</span> : null}
    </>
  );
}

export function AuditTable({ entries }: { entries: readonly AuditEntryView[] }) {
  return (
    <table className="dense">
      <caption className="sr-only">Who changed what, newest first</caption>
      <thead>
        <tr>
          <th scope="col" className="w-[116px] max-md:hidden">
            When
          </th>
          <th scope="col" className="w-[22%] max-md:hidden">
            Who, from where
          </th>
          <th scope="col" className="w-[28%] max-md:w-auto max-md:pl-4!">
            What
          </th>
          <th scope="col" className="max-md:hidden">
            Before and after
          </th>
        </tr>
      </thead>
      <tbody>
        {entries.map((entry) => (
          <tr key={entry.id} className="wraps">
            <td className="text-ink-3 max-md:hidden">
              <RelativeTime at={entry.at} />
            </td>
            <td className="max-md:hidden">
              <Who entry={entry} />{' '}
              <span className={entry.actor.kind === 'job' ? undefined : 'block'}>
                <Where entry={entry} />
              </span>
            </td>
            <td className="max-md:pl-4!">
              <What entry={entry} />
              <div className="md:hidden">
                <p className="text-12 text-ink-3">
                  <Who entry={entry} />, <RelativeTime at={entry.at} />, <Where entry={entry} />
                </p>
                <Changes entry={entry} />
              </div>
            </td>
            <td className="max-md:hidden">
              <Changes entry={entry} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
