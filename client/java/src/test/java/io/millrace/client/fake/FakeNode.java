package io.millrace.client.fake;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.millrace.protocol.Event;
import io.millrace.protocol.EventId;
import io.millrace.protocol.Position;
import io.millrace.protocol.Problem;
import io.millrace.protocol.ProblemType;
import io.millrace.protocol.QueueName;
import io.millrace.protocol.block.Block;
import io.millrace.protocol.block.BlockReader;
import io.millrace.protocol.event.EventOutput;
import io.millrace.protocol.http.BotConfig;
import io.millrace.protocol.http.CheckpointLedger;
import io.millrace.protocol.http.ClusterInfo;
import io.millrace.protocol.http.Headers;
import io.millrace.protocol.http.MediaTypes;
import io.millrace.protocol.http.Page;
import io.millrace.protocol.http.RunProtocol;
import io.millrace.protocol.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** A node in memory. */
@SuppressWarnings("FutureReturnValueIgnored")
public final class FakeNode implements AutoCloseable {
    static {
        System.setProperty("sun.net.httpserver.nodelay", "true");
        System.setProperty("sun.net.httpserver.maxIdleConnections", "1000");
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<QueueName, FakeQueue> queues;
    private final Map<String, FakeBot> bots = new ConcurrentHashMap<>();
    private final AtomicInteger appendsInFlight = new AtomicInteger();
    private final AtomicInteger mostAppendsInFlight = new AtomicInteger();
    private final AtomicInteger requests = new AtomicInteger();
    private volatile BiFunction<String, String, Fault> faults = (method, path) -> Fault.NONE;
    private final AtomicInteger appends = new AtomicInteger();
    private volatile boolean forgetful;
    private volatile String owner = "";

    /** Starts on a free port of the loopback address. */
    public FakeNode() {
        this(new ConcurrentHashMap<>());
    }

    /** Starts another node of the same bus: it has the same queues. */
    public static FakeNode beside(FakeNode other) {
        return new FakeNode(other.queues);
    }

    private FakeNode(Map<QueueName, FakeQueue> queues) {
        this.queues = queues;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    public URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** Asked for each request: by its method and path. */
    public void faults(BiFunction<String, String, Fault> choice) {
        faults = choice;
    }

    /** Appends are answered and not stored. */
    public void forgetful() {
        forgetful = true;
    }

    /** Says of every queue that it lives on a node of that address; without, that it knows nothing of a cluster. */
    public void owner(URI address) {
        owner = address.toString();
    }

    /** The appends that came to this node. */
    public int appends() {
        return appends.get();
    }

    public FakeQueue queue(String name) {
        return queues.computeIfAbsent(new QueueName(name), FakeQueue::new);
    }

    public FakeBot bot(String name) {
        FakeBot bot = bots.get(name);
        if (bot == null) {
            throw new Refusal(ProblemType.NOT_FOUND, "there is no bot " + name);
        }
        return bot;
    }

    public boolean hasQueue(String name) {
        return queues.containsKey(new QueueName(name));
    }

    public int requests() {
        return requests.get();
    }

    /** The most appends that were under way at once. */
    public int mostAppendsInFlight() {
        return mostAppendsInFlight.get();
    }

    @SuppressWarnings("ArrayRecordComponent")
    private record Reply(
            int status, String type, byte[] body, @Nullable String next) {
        static Reply json(int status, Object body) {
            return new Reply(status, MediaTypes.JSON, Json.bytes(body), null);
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        requests.incrementAndGet();
        byte[] body = exchange.getRequestBody().readAllBytes();
        String path = exchange.getRequestURI().getPath();
        Fault fault = faults.apply(exchange.getRequestMethod(), path);
        try {
            switch (fault) {
                case CUT_BEFORE -> throw new IOException("cut");
                case CUT_AFTER -> {
                    reply(exchange, path, body);
                    throw new IOException("cut");
                }
                case UNKNOWN_DONE -> {
                    reply(exchange, path, body);
                    throw new Refusal(ProblemType.UNKNOWN_OUTCOME, "unknown");
                }
                case UNKNOWN_NOT_DONE -> throw new Refusal(ProblemType.UNKNOWN_OUTCOME, "unknown");
                case BUSY -> throw new Refusal(ProblemType.TOO_MANY_REQUESTS, "busy");
                case UNAVAILABLE -> throw new Refusal(ProblemType.UNAVAILABLE, "away");
                case SLOW -> Thread.sleep(30);
                case HANG -> new CountDownLatch(1).await();
                default -> {}
            }
            send(exchange, reply(exchange, path, body));
        } catch (Refusal e) {
            if (e.problem.retryable()) {
                exchange.getResponseHeaders().set("Retry-After", "0");
            }
            send(exchange, new Reply(e.problem.status(), Problem.MEDIA_TYPE, Json.bytes(e.problem), null));
        } catch (IOException | InterruptedException e) {
            exchange.close(); // without an answer: the client sees the connection end
        } catch (RuntimeException e) {
            send(
                    exchange,
                    new Reply(
                            500, Problem.MEDIA_TYPE, Json.bytes(Problem.of(ProblemType.INTERNAL, e.toString())), null));
        }
    }

    private static void send(HttpExchange exchange, Reply reply) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", reply.type);
        if (reply.next != null) {
            exchange.getResponseHeaders().set(Headers.NEXT, reply.next);
        }
        exchange.sendResponseHeaders(reply.status, reply.body.length == 0 ? -1 : reply.body.length);
        if (reply.body.length > 0) {
            exchange.getResponseBody().write(reply.body);
        }
        exchange.close();
    }

    private Reply reply(HttpExchange exchange, String path, byte[] body) throws InterruptedException {
        String[] parts = path.substring(1).split("/");
        Map<String, String> query = query(exchange.getRequestURI().getRawQuery());
        String route = exchange.getRequestMethod() + " " + parts[1] + (parts.length > 3 ? " " + parts[3] : "")
                + (parts.length > 2 ? "" : " all");
        String name = parts.length > 2 ? parts[2] : "";
        return switch (route) {
            case "GET cluster all" -> Reply.json(200, cluster(query.get("queue")));
            case "PUT queues" -> Reply.json(200, queue(name).info());
            case "GET queues" -> {
                if (!hasQueue(name)) {
                    throw new Refusal(ProblemType.NOT_FOUND, "there is no queue " + name);
                }
                yield Reply.json(200, queue(name).info());
            }
            case "GET queues all" ->
                Reply.json(
                        200,
                        new Page.Queues(
                                queues.values().stream().map(FakeQueue::info).toList(), null));
            case "POST queues events" -> append(exchange, name, body);
            case "GET queues events" -> read(exchange, name, query);
            case "GET queues producers" -> {
                Object info = hasQueue(name) ? queue(name).producer(parts[4]) : null;
                if (info == null) {
                    throw new Refusal(ProblemType.NOT_FOUND, "unknown producer");
                }
                yield Reply.json(200, info);
            }
            case "PUT bots" -> register(name, Json.read(body, BotConfig.class));
            case "GET bots" -> Reply.json(200, bot(name).info());
            case "POST bots runs" -> ask(name, Integer.parseInt(query.getOrDefault("wait", "0")));
            case "POST runs heartbeat" ->
                Reply.json(
                        200,
                        new RunProtocol.Heartbeat(
                                botOf(name).beat(token(exchange)), Instant.now().plusSeconds(900)));
            case "POST runs checkpoint" -> {
                botOf(name)
                        .checkpoint(
                                token(exchange),
                                Json.read(body, RunProtocol.Checkpoints.class).checkpoints());
                yield Reply.json(200, Map.of());
            }
            case "POST runs skipped" -> {
                botOf(name).skipped(token(exchange), Json.read(body, CheckpointLedger.Skip.class));
                yield Reply.json(200, Map.of());
            }
            case "POST runs suspect" ->
                Reply.json(200, botOf(name).suspect(token(exchange), Json.read(body, RunProtocol.Suspicion.class)));
            case "POST runs complete" -> {
                botOf(name).complete(token(exchange), Json.read(body, RunProtocol.Complete.class));
                yield Reply.json(200, Map.of());
            }
            default -> throw new Refusal(ProblemType.NOT_FOUND, route);
        };
    }

    private ClusterInfo cluster(@Nullable String queue) {
        if (owner.isEmpty()) {
            throw new Refusal(ProblemType.NOT_FOUND, "no cluster");
        }
        return new ClusterInfo(
                List.of(new ClusterInfo.Member("n1", "host", owner, "up", true, true, false)),
                new ClusterInfo.Entity("queue", String.valueOf(queue), "7", "n1"));
    }

    private static String token(HttpExchange exchange) {
        String token = exchange.getRequestHeaders().getFirst(Headers.RUN);
        if (token == null) {
            throw new Refusal(ProblemType.BAD_REQUEST, "no token");
        }
        return token;
    }

    private FakeBot botOf(String run) {
        return bot(run.substring(0, run.lastIndexOf('-')));
    }

    private Reply register(String name, BotConfig config) {
        bots.computeIfAbsent(name, n -> new FakeBot(n, config, this::lags)).configure(config);
        return Reply.json(201, bot(name).info());
    }

    private boolean lags(FakeBot bot) {
        List<String> triggers = bot.config().triggers();
        return triggers != null
                && triggers.stream().anyMatch(queue -> queue(queue).hasAfter(bot.position(queue)));
    }

    private Reply ask(String name, int wait) throws InterruptedException {
        FakeBot bot = bot(name);
        for (long end = System.currentTimeMillis() + wait * 1_000L; System.currentTimeMillis() < end; ) {
            RunProtocol.Grant grant = bot.grant();
            if (grant != null) {
                return Reply.json(201, grant);
            }
            Thread.sleep(5);
        }
        return new Reply(204, MediaTypes.JSON, new byte[0], null);
    }

    private Reply append(HttpExchange exchange, String name, byte[] body) {
        var headers = exchange.getRequestHeaders();
        String sequence = headers.getFirst(Headers.SEQUENCE);
        String bot = headers.getFirst(Headers.BOT);
        appends.incrementAndGet();
        mostAppendsInFlight.accumulateAndGet(appendsInFlight.incrementAndGet(), Math::max);
        try {
            if (headers.getFirst(Headers.RUN) != null) {
                bot(String.valueOf(bot)).require(token(exchange));
            }
            FakeQueue queue = queue(name);
            queue.forgetful = forgetful;
            return Reply.json(
                    200,
                    queue.append(
                            body,
                            headers.getFirst(Headers.PRODUCER),
                            sequence == null ? 0 : Long.parseLong(sequence),
                            bot));
        } finally {
            appendsInFlight.decrementAndGet();
        }
    }

    private Reply read(HttpExchange exchange, String name, Map<String, String> query) {
        if (!hasQueue(name) && !query.containsKey("wait")) {
            return new Reply(200, MediaTypes.BLOCK, new byte[0], null);
        }
        Position after = Position.parse(query.getOrDefault("after", "z"));
        EventId kept = queue(name).skippedTo(after);
        if (kept != null) {
            exchange.getResponseHeaders().set(Headers.SKIPPED_TO, kept.toString());
        }
        List<Block> page = queue(name)
                .read(
                        after,
                        Integer.parseInt(query.getOrDefault("limit", "1000")),
                        Integer.parseInt(query.getOrDefault("bytes", "1000000")),
                        Long.parseLong(query.getOrDefault("wait", "0")) * 1_000);
        String next = page.isEmpty()
                ? after.toString()
                : page.get(page.size() - 1).header().last().toString();
        if (MediaTypes.BLOCK.equals(exchange.getRequestHeaders().getFirst("Accept"))) {
            return new Reply(200, MediaTypes.BLOCK, Block.toBytes(page).array(), next);
        }
        String where = query.getOrDefault("where", "");
        EventOutput output = new EventOutput(1_024);
        for (Block block : page) {
            BlockReader reader = new BlockReader(block);
            while (reader.advance()) {
                Event event = reader.event();
                if (after.isBefore(event.eid()) && event.payload().toString().contains(where)) {
                    output.event(event).text("\n");
                }
            }
        }
        return new Reply(200, MediaTypes.NDJSON, output.take(), next);
    }

    private static Map<String, String> query(@Nullable String raw) {
        Map<String, String> query = new HashMap<>();
        for (String pair : raw == null ? new String[0] : raw.split("&")) {
            int equals = pair.indexOf('=');
            query.put(pair.substring(0, equals), URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
        }
        return query;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
