package io.millrace.node.journal;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.protocol.json.Json;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Heads and snapshots as JSON under logical manifests, never class names: what was ever written stays readable whatever
 * the classes are called.
 *
 * @param <E> the kind of things
 */
public final class JsonHeads<E> {
    private final Map<String, Class<? extends E>> types;
    private final Map<Class<?>, String> manifests;

    public JsonHeads(Map<String, Class<? extends E>> types) {
        this.types = Map.copyOf(types);
        this.manifests =
                types.entrySet().stream().collect(Collectors.toUnmodifiableMap(Map.Entry::getValue, Map.Entry::getKey));
    }

    /** Throws {@link IllegalArgumentException} for a class that has none. */
    public String manifest(Object thing) {
        String manifest = manifests.get(thing.getClass());
        if (manifest == null) {
            throw new IllegalArgumentException("no manifest for " + thing.getClass());
        }
        return manifest;
    }

    public boolean knows(String manifest) {
        return types.containsKey(manifest);
    }

    public ByteBuffer head(Object thing) {
        return ByteBuffer.wrap(Json.bytes(thing));
    }

    /** Throws {@link IllegalArgumentException} if the bytes are no such thing. */
    public E read(String manifest, ByteBuffer head) {
        Class<? extends E> type = types.get(manifest);
        if (type == null) {
            throw new IllegalArgumentException("unknown manifest '" + manifest + "'");
        }
        return Json.read(bytes(head), type);
    }

    /** A head without regard to what it is. */
    public static JsonNode tree(ByteBuffer head) {
        return Json.read(bytes(head), JsonNode.class);
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
