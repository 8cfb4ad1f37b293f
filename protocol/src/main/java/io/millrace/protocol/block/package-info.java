/**
 * Owns the block: many events in one compressed frame, the same on the wire and at rest.
 *
 * <p>A frame, integers big-endian:
 *
 * <pre>
 * offset size
 *      0    4  magic "MRB1"
 *      4    1  version, 1
 *      5    1  flags: 1 = ids are stamped, 2 = the lines are zstd, 4 = some line takes its source timestamp from its id
 *      6    2  header length H, to where the lines begin
 *      8    4  event count, 1 to 100,000
 *     12    8  first id: ms                 (zero until stamped)
 *     20    4  first id: position           (zero until stamped)
 *     24    8  last id: ms                  (zero until stamped)
 *     32    4  last id: position            (zero until stamped)
 *     36    8  least source timestamp, ms   (zero if none)
 *     44    8  greatest source timestamp, ms
 *     52    4  length of the lines as JSON, 1 to 16 MiB
 *     56    4  length of the lines as stored
 *     60    4  CRC-32C of the lines as stored
 *     64    4  CRC-32C of the header but for these four bytes
 *     68    1  length of the writer's name W, 0 to 200; then the name, ASCII
 *   69+W    1  length of the queue's name Q, 0 to 200; then the name, ASCII
 *      H       the lines
 * </pre>
 *
 * <p>The lines: one event per line, each ended by a line feed, each in the one canonical form
 * {@code {"id":w,"correlation_id":{...},"event_source_timestamp":ms,"trace":{...},"payload":v}} without white space before the payload's
 * value; all but the last are left out where they are not needed ({@code id} where it is the header's writer), and
 * the payload comes last, so that a reader finds it without parsing it. The ids of a frame's events are contiguous, so the
 * first one tells them all.
 *
 * <p>A producer leaves the ids empty; the queue stamps them into the header and leaves the lines as they are.
 */
@NullMarked
package io.millrace.protocol.block;

import org.jspecify.annotations.NullMarked;
