package io.millrace.protocol.handler;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;

/**
 * One run of a bot.
 *
 * @param bot the bot
 * @param run the run's id
 * @param epoch grows with every run of the bot: a fencing token for the handler's own side effects
 * @param readUntil when the run stops reading
 * @param deadline when the run's lease ends; effects after it are refused
 * @param settings what the registration gives to the handler, an object
 */
public record RunInfo(String bot, String run, long epoch, Instant readUntil, Instant deadline, JsonNode settings) {}
