/** The mark: a hull on the slip, the last stretch of the way still to come. */
import Link from 'next/link';

export function BrandMark({ size = 20 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 20 20" aria-hidden="true" className="shrink-0">
      <g transform="rotate(-16 10 10)">
        <path
          d="M3.500 6.200h13.300c-.5 3-2 4.800-4.600 4.800H6.100C4.600 11 3.700 9 3.500 6.200Z"
          className="fill-ink"
        />
        <path d="M0 13.600h14.200" className="stroke-ink" strokeWidth="1.5" strokeLinecap="round" />
        <path d="M16 13.600h4" className="stroke-accent" strokeWidth="1.5" strokeLinecap="round" />
      </g>
    </svg>
  );
}

export function Brand() {
  return (
    <Link href="/services" className="mr-3 flex items-center gap-[9px] text-14 font-semibold tracking-[-.01em]">
      <BrandMark />
      Slipway
    </Link>
  );
}
