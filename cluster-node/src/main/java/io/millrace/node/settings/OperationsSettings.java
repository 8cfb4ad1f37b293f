package io.millrace.node.settings;

/**
 * Where a node tells whoever supervises it how it is ({@code millrace.operations}).
 *
 * @param host the address to listen at
 * @param port the port
 */
public record OperationsSettings(String host, int port) {
    /** @throws IllegalArgumentException naming the key */
    public OperationsSettings {
        if (host.isBlank()) {
            throw new IllegalArgumentException("millrace.operations.host must not be empty");
        }
        Require.between("millrace.operations.port", port, 1, 65_535);
    }
}
