package io.millrace.protocol.handler;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.protocol.RunReason;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One run of a bot.
 *
 * @param bot the bot
 * @param run the run's id
 * @param epoch grows with every run of the bot: a fencing token for the handler's own side effects. Of a bot with lanes it grows
 *     with every run that may get events of a key: a token of that key, not of the bot
 * @param readUntil when the run stops reading
 * @param deadline when the run's lease ends; effects after it are refused
 * @param settings what the registration gives to the handler, an object
 * @param because why it began
 * @param slot the slot of the schedule that it began for: of those that were missed, the last; null if it began otherwise
 * @param lane which of the bot's lanes it is of, from 0; null where it has none
 */
public record RunInfo(
        String bot,
        String run,
        long epoch,
        Instant readUntil,
        Instant deadline,
        JsonNode settings,
        RunReason because,
        @Nullable Instant slot,
        @Nullable Integer lane) {}
