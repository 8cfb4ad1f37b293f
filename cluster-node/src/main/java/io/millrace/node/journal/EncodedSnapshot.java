package io.millrace.node.journal;

import java.nio.ByteBuffer;

/**
 * The state of an actor as it goes into the snapshot store.
 *
 * @param manifest logical name and version, as {@code queue.state.v1}; never a class name
 */
public record EncodedSnapshot(String manifest, ByteBuffer bytes) {}
