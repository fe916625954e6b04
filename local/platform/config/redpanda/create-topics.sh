#!/bin/sh
# Topics of RUNBOOK-017: name partitions retention
set -eu
for line in \
  "norns.events 6 604800000" \
  "bifrost.messages 12 259200000" \
  "hlidskjalf.audit 3 -1"; do
  # shellcheck disable=SC2086
  set -- $line
  rpk topic create "$1" --partitions "$2" --topic-config "retention.ms=$3" || true
done
