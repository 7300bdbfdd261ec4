#!/usr/bin/env bash
# Whether the broker on this port serves clients: healthy.sh [PORT]
#
# A broker listens a moment before it may serve; only then do its own metadata list it. Kafka's
# own tools would start a JVM for each look, so this speaks the wire protocol, as
# textwire/stack/process_spec.py does: a Metadata request, version 1, of no topics; after the length
# and the correlation id, the answer begins with the number of brokers.

exec 3<>"/dev/tcp/127.0.0.1/${1:-9092}" || exit 1
printf '\x00\x00\x00\x0e\x00\x03\x00\x01\x00\x00\x00\x00\xff\xff\x00\x00\x00\x00' >&3
brokers=$(head -c 12 <&3 | tail -c 4 | od -An -tx1 | tr -d ' \n')
[ "${#brokers}" -eq 8 ] && [ "$brokers" != 00000000 ]
