/**
 * Owns what users import: one client, {@link io.millrace.client.Millrace}, for putting, loading, reading and bots.
 *
 * <pre>{@code
 * try (Millrace millrace = Millrace.connect(URI.create("http://localhost:8080"))) {
 *     millrace.put("orders", Map.of("customer", "c-7", "amount", 12.5));
 *
 *     try (Loader loader = millrace.load("orders")) {            // vast numbers
 *         for (Order order : orders) {
 *             loader.add(Payload.of(order));
 *         }
 *     }                                                          // all durable and readable here
 *
 *     for (Event event : millrace.read("orders")) {              // in order, to the tail as it stands
 *         System.out.println(event.eid() + " " + event.payload());
 *     }
 *
 *     Worker price = millrace.enrich("price", "orders", "priced", // a bot: woken when events wait
 *             event -> event.payload().as(Order.class).priced());
 * }
 * }</pre>
 *
 * <h2>Writing</h2>
 * {@code put} and {@code putEvents} answer when the events are durable and readable; puts that come while one is in flight
 * share the next request. {@link io.millrace.client.Loader} is the sink for vast numbers: bounded, batching, ordered. Both
 * number their requests, so that one whose answer was lost is repeated without duplicates. {@link
 * io.millrace.protocol.Payload#ofJson(byte[])} takes JSON that you have already, unparsed.
 *
 * <h2>Reading</h2>
 * {@link io.millrace.client.EventReader} waits for pages and fetches the next while one is consumed; {@code publish} gives the
 * same as a {@link java.util.concurrent.Flow.Publisher}. A start is exclusive: {@code after(event.eid())} goes on behind it.
 *
 * <h2>Bots</h2>
 * A registered bot has exactly one run at a time. {@link io.millrace.client.Worker} does a bot's runs in this process;
 * {@code offload}, {@code enrich} and {@code reduce} are workers that register their bot if need be. A batch is handled, what
 * it emitted is appended, then the checkpoint moves. A run that fails or is lost in between is done again from its
 * checkpoint, and the receiving queue drops what it has already: output of single events is there exactly once. What a
 * handler does elsewhere happens at least once; {@code out.run().epoch()} is a fencing token for it.
 *
 * <p>An event that fails holds up no other: it is found, tried again, and then goes to the queue {@code <bot>.dead} ({@link
 * io.millrace.client.BotRegistration#onPoison onPoison}), from where {@link io.millrace.client.Bots#redriveAll redriveAll}
 * brings it back. A handler rejects an event at once by a {@link io.millrace.protocol.handler.RejectedEventException}.
 *
 * <p>A bot whose work is done by a server of yours that knows HTTP only is registered as a {@link
 * io.millrace.client.BotRegistration#webhook webhook}; {@link io.millrace.client.WebhookCall} checks and reads what such a
 * server is sent, {@link io.millrace.protocol.http.WebhookAnswer} is what it answers.
 *
 * <h2>Several nodes</h2>
 * Any node serves any request. {@code Millrace.connect(a, b, c)} uses one of them and goes on to the next when that one can't
 * be reached, doesn't answer in time, or can't serve; what was under way is repeated there by the rules below.
 *
 * <h2>Who calls</h2>
 * A bus that takes keys is told by {@code MILLRACE_TOKEN} in the environment or {@link io.millrace.client.MillraceBuilder#token
 * builder(...).token(...)}: an API key, or a token. A producer's key needs {@code write} on its queues; a worker's {@code run}
 * on its bot, {@code read} on its triggers and on {@code <bot>.*} (its replays), {@code write} on what it emits into. What isn't
 * granted is a {@code RejectedException}.
 *
 * <h2>When something goes wrong</h2>
 * All exceptions are {@link io.millrace.client.MillraceException}s: {@code RejectedException} (refused, nothing done), {@code
 * NotFoundException}, {@code UnavailableException} (surely not done in time), {@code UnknownOutcomeException} (no answer in
 * time: done or not), {@code StaleRunException}, {@code BufferFullException}, {@code LoadFailedException}, {@code
 * ClosedException}, {@code InterruptedCallException}. What is safe to repeat is repeated until the operation's deadline (30
 * s; a loader's batch 2 minutes), with growing, random pauses and never sooner than the bus asks for.
 *
 * <p>Stages complete on threads of the client: don't wait in them for this client's own answers for long, and don't close it
 * there.
 */
@NullMarked
package io.millrace.client;

import org.jspecify.annotations.NullMarked;
