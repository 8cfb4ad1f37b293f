package io.millrace.node.cluster;

/** Marks messages that may travel between nodes; they are serialized as Jackson CBOR (see {@code millrace.conf}). */
public interface Wire {}
