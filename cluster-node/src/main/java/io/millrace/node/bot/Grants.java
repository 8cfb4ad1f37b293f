package io.millrace.node.bot;

import io.millrace.node.application.RunRef;
import io.millrace.node.application.RunTokens;
import io.millrace.node.run.Caution;
import io.millrace.protocol.BotId;
import io.millrace.protocol.http.BotConfig;
import io.millrace.protocol.http.HandlerSpec;
import io.millrace.protocol.http.RunProtocol;
import io.millrace.protocol.json.Json;
import java.time.Duration;
import java.time.Instant;

/** What a worker is told with its run. */
final class Grants {
    private final RunTokens tokens;
    private final Duration heartbeatEvery;

    Grants(RunTokens tokens, Duration heartbeatEvery) {
        this.tokens = tokens;
        this.heartbeatEvery = heartbeatEvery;
    }

    RunProtocol.Grant grant(BotId bot, BotReply.Granted granted) {
        BotState state = granted.state();
        BotState.Run run = granted.run();
        Instant deadline = Instant.ofEpochMilli(run.deadline());
        BotConfig config = state.registration();
        Caution caution = PoisonDecisions.caution(state);
        var given = config.handler() instanceof HandlerSpec.Worker worker ? worker.settings() : null;
        return new RunProtocol.Grant(
                run.run(),
                tokens.sign(new RunRef(bot, run.run(), run.epoch(), state.generation(), deadline)),
                bot.value(),
                run.epoch(),
                Instant.ofEpochMilli(run.startedAt()),
                Instant.ofEpochMilli(run.readUntil()),
                deadline,
                heartbeatEvery,
                state.read(),
                granted.triggers(),
                config.batch(),
                given == null ? Json.mapper().createObjectNode() : given,
                run.reason(),
                run.slotTime(),
                caution.suspects().isEmpty() ? null : caution.suspects(),
                caution.careful() ? true : null);
    }
}
