-- Whether something answers at the ports that are active, where a probe is configured: what the last probe of each found.
CREATE TABLE "port_probes" (
    "reservation_id" UUID NOT NULL,
    "outcome" TEXT NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL,
    "silent_times" INTEGER NOT NULL,
    "probed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "port_probes_pkey" PRIMARY KEY ("reservation_id"),
    CONSTRAINT "port_probes_reservation_id_fkey" FOREIGN KEY ("reservation_id") REFERENCES "port_reservations"("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "port_probes_outcome" CHECK ("outcome" IN ('reachable', 'refused', 'timeout', 'unreachable')),
    CONSTRAINT "port_probes_silent_times" CHECK (("silent_times" = 0) = ("outcome" = 'reachable') AND "silent_times" >= 0)
);

-- Findings of a third origin: those of the probes.
ALTER TABLE "port_findings" DROP CONSTRAINT "port_findings_origin";
ALTER TABLE "port_findings" ADD CONSTRAINT "port_findings_origin" CHECK ("origin" IN ('files', 'reservations', 'probes'));
