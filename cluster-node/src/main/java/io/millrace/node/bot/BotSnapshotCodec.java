package io.millrace.node.bot;

import io.millrace.node.journal.EncodedSnapshot;
import io.millrace.node.journal.JsonHeads;
import io.millrace.node.journal.SnapshotCodec;
import java.nio.ByteBuffer;
import java.util.Map;

/** A bot's state as bytes. */
public final class BotSnapshotCodec implements SnapshotCodec {
    private static final JsonHeads<BotState> JSON = new JsonHeads<>(Map.of("bot.state.v1", BotState.class));

    @Override
    public boolean encodes(Object state) {
        return state instanceof BotState;
    }

    @Override
    public EncodedSnapshot encode(Object state) {
        return new EncodedSnapshot(JSON.manifest(state), JSON.head(state));
    }

    @Override
    public boolean decodes(String manifest) {
        return JSON.knows(manifest);
    }

    @Override
    public BotState decode(String manifest, ByteBuffer bytes) {
        return JSON.read(manifest, bytes);
    }
}
