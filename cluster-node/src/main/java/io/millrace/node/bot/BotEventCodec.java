package io.millrace.node.bot;

import io.millrace.node.journal.EncodedEvent;
import io.millrace.node.journal.EventCodec;
import io.millrace.node.journal.JsonHeads;
import java.nio.ByteBuffer;
import java.util.Map;

/** A bot's records as bytes: heads of JSON without bodies. */
public final class BotEventCodec implements EventCodec {
    private static final JsonHeads<BotEvent> HEADS = new JsonHeads<>(Map.ofEntries(
            Map.entry("bot.suspected.v1", BotEvent.Suspected.class),
            Map.entry("bot.registered.v1", BotEvent.Registered.class),
            Map.entry("bot.archived.v1", BotEvent.Archived.class),
            Map.entry("bot.paused.v1", BotEvent.Paused.class),
            Map.entry("bot.resumed.v1", BotEvent.Resumed.class),
            Map.entry("bot.run-started.v1", BotEvent.RunStarted.class),
            Map.entry("bot.checkpointed.v1", BotEvent.Checkpointed.class),
            Map.entry("bot.wrote.v1", BotEvent.Wrote.class),
            Map.entry("bot.run-ended.v1", BotEvent.RunEnded.class),
            Map.entry("bot.checkpoint-set.v1", BotEvent.CheckpointSet.class),
            Map.entry("bot.replay-planned.v1", BotEvent.ReplayPlanned.class),
            Map.entry("bot.replay-begun.v1", BotEvent.ReplayBegun.class),
            Map.entry("bot.replay-stepped.v1", BotEvent.ReplayStepped.class),
            Map.entry("bot.replay-copied.v1", BotEvent.ReplayCopied.class),
            Map.entry("bot.replay-ended.v1", BotEvent.ReplayEnded.class),
            Map.entry("bot.skipped.v1", BotEvent.Skipped.class),
            Map.entry("bot.redrive-begun.v1", BotEvent.RedriveBegun.class),
            Map.entry("bot.redrive-ended.v1", BotEvent.RedriveEnded.class),
            Map.entry("bot.dead-purged.v1", BotEvent.DeadPurged.class)));

    @Override
    public boolean encodes(Object event) {
        return event instanceof BotEvent;
    }

    @Override
    public EncodedEvent encode(Object event) {
        return new EncodedEvent(HEADS.manifest(event), HEADS.head(event));
    }

    @Override
    public boolean decodes(String manifest) {
        return HEADS.knows(manifest);
    }

    @Override
    public BotEvent decode(String manifest, ByteBuffer head) {
        return HEADS.read(manifest, head);
    }
}
