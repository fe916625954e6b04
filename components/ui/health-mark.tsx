/** Shape first, colour second: disc, half disc, diamond, ring, dashed ring. */

export type Health = 'healthy' | 'degraded' | 'down' | 'unknown' | 'pending';

const looks: Record<Health, { colour: string; said: string }> = {
  healthy: { colour: 'text-ok', said: 'Healthy' },
  degraded: { colour: 'text-warn', said: 'Degraded' },
  down: { colour: 'text-bad', said: 'Down' },
  unknown: { colour: 'text-none', said: 'No answer' },
  pending: { colour: 'text-accent', said: 'Pending' },
};

/** @param label what it says aloud; empty where words beside it say the same. */
export function HealthMark({ health, label, size = 10 }: { health: Health; label?: string; size?: number }) {
  const { colour, said } = looks[health];
  const name = label ?? said;
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 10 10"
      className={`shrink-0 ${colour}`}
      {...(name === '' ? { 'aria-hidden': true } : { role: 'img', 'aria-label': name })}
    >
      {health === 'healthy' ? <circle cx="5" cy="5" r="4" fill="currentColor" /> : null}
      {health === 'down' ? <path d="M5 .2 9.800 5 5 9.800.2 5z" fill="currentColor" /> : null}
      {health === 'degraded' ? (
        <>
          <circle cx="5" cy="5" r="3.75" fill="none" stroke="currentColor" strokeWidth="1.5" />
          <path d="M1.250 5a3.750 3.750 0 0 0 7.500 0z" fill="currentColor" />
        </>
      ) : null}
      {health === 'unknown' ? (
        <circle cx="5" cy="5" r="3.75" fill="none" stroke="currentColor" strokeWidth="1.5" />
      ) : null}
      {health === 'pending' ? (
        <circle cx="5" cy="5" r="3.9" fill="none" stroke="currentColor" strokeWidth="1.5" strokeDasharray="2 1.7" />
      ) : null}
    </svg>
  );
}
