/** How figures are told: one table for each part, every row with its aim beside it. An aim that is missed makes the program end with code 1. */
import { availableParallelism, loadavg } from 'node:os';

interface Row {
  what: string;
  measured: string;
  /** Empty where there is nothing to aim at. */
  aim: string;
  verdict: 'kept' | 'missed' | '';
}

/** The value below which `share` (0 to 1) of them lie. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

/** Milliseconds as people read them. */
export function duration(milliseconds: number): string {
  if (milliseconds < 1000) return `${milliseconds.toFixed(0)} ms`;
  return milliseconds < 120_000 ? `${(milliseconds / 1000).toFixed(1)} s` : `${(milliseconds / 60_000).toFixed(1)} min`;
}

/** The table of one part. */
export class Report {
  private readonly rows: Row[] = [];
  private readonly loadBefore = loadavg()[0] ?? 0;

  constructor(private readonly title: string) {}

  /** A figure that is told and has no aim. */
  tell(what: string, measured: string): void {
    this.rows.push({ what, measured, aim: '', verdict: '' });
  }

  /** A figure with its aim, in words. */
  judge(what: string, measured: string, aim: string, kept: boolean): void {
    this.rows.push({ what, measured, aim, verdict: kept ? 'kept' : 'missed' });
    if (!kept) process.exitCode = 1;
  }

  /** Durations of one kind: median, p95 and how many. @param mostMs for the p95. */
  times(what: string, times: readonly number[], mostMs?: number): void {
    const p95 = percentile(times, 0.95);
    const measured = `median ${duration(percentile(times, 0.5))}, p95 ${duration(p95)} (${times.length})`;
    if (mostMs === undefined) this.tell(what, measured);
    else this.judge(what, measured, `p95 under ${duration(mostMs)}`, p95 < mostMs);
  }

  print(): void {
    const load = `load ${this.loadBefore.toFixed(1)} before, ${(loadavg()[0] ?? 0).toFixed(1)} after, ${availableParallelism()} cores`;
    const width = (key: 'what' | 'measured' | 'aim') => Math.max(...this.rows.map((row) => row[key].length));
    const [what, measured, aim] = [width('what'), width('measured'), width('aim')];
    console.log(`\n${this.title} (${load})`);
    for (const row of this.rows)
      console.log(
        `  ${row.what.padEnd(what)}  ${row.measured.padEnd(measured)}  ${row.aim.padEnd(aim)}  ${row.verdict}`.trimEnd(),
      );
  }
}
