package io.millrace.load.simulation;

import static io.gatling.javaapi.core.CoreDsl.StringBody;
import static io.gatling.javaapi.core.CoreDsl.bodyString;
import static io.gatling.javaapi.core.CoreDsl.doIf;
import static io.gatling.javaapi.core.CoreDsl.dummy;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.responseTimeInMillis;
import static io.gatling.javaapi.http.HttpDsl.header;
import static io.gatling.javaapi.http.HttpDsl.http;
import static io.gatling.javaapi.http.HttpDsl.status;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.Session;
import io.gatling.javaapi.http.HttpRequestActionBuilder;
import java.util.function.Function;

/**
 * The requests of the API, each with its row in the ledger. 200 and 429 are good answers, the latter if it says when to come
 * again; it is shown once more as "NAME: refused". Everything else is a failure, no answer in time included.
 */
final class Requests {
    /** Where a session keeps the queue that its next request is for. */
    static final String QUEUE = "queue";

    /** Where a session keeps the position that it has read up to. */
    static final String AFTER = "after";

    /** A position before all events. */
    static final String BEGINNING = "z/";

    private static final String STATUS = "status";
    private static final String MILLIS = "millis";
    private static final String PAGE = "page";
    private static final int OK = 200;
    private static final int TOO_MANY = 429;

    private final Ledger ledger;
    private final Payloads payloads = new Payloads();

    Requests(Ledger ledger) {
        this.ledger = ledger;
    }

    /** Appends one event as JSON to the session's queue. */
    ChainBuilder put(String name) {
        return append(session -> name, 1, "application/json");
    }

    /** The same with a name that is decided when it is sent. */
    ChainBuilder put(Function<Session, String> name) {
        return append(name, 1, "application/json");
    }

    /** Appends so many events as lines. */
    ChainBuilder batch(String name, int events) {
        return append(session -> name, events, "application/x-ndjson");
    }

    private ChainBuilder append(Function<Session, String> name, int events, String type) {
        return exec(session -> forget(session).set("name", name.apply(session)))
                .exec(judged(http("#{name}")
                        .post("/v1/queues/#{queue}/events")
                        .header("Content-Type", type)
                        .body(StringBody(session -> payloads.lines(events)))))
                .exec(session -> {
                    ledger.append(
                            session.getString("name"),
                            session.getString(QUEUE),
                            events,
                            statusOf(session),
                            session.contains(MILLIS) ? session.getInt(MILLIS) : 0);
                    return session;
                })
                .exec(countRefusal());
    }

    /**
     * Reads a page of the session's queue from where the session stands.
     *
     * @param limit events at most
     * @param wait seconds to wait for the first event
     */
    ChainBuilder read(String name, int limit, int wait) {
        HttpRequestActionBuilder request = judged(http(name)
                        .get("/v1/queues/#{queue}/events")
                        .queryParam("after", "#{after}")
                        .queryParam("limit", limit)
                        .queryParam("wait", wait))
                .checkIf((response, session) -> response.status().code() == OK)
                .then(bodyString()
                        .transformWithSession((lines, session) -> Page.of(lines, session.getString(AFTER)))
                        .saveAs(PAGE));
        return exec(session -> forget(session).set("name", name))
                .exec(request)
                .exec(session -> taken(name, session))
                .exec(countRefusal());
    }

    private Session taken(String name, Session session) {
        Page page = session.get(PAGE);
        ledger.answer(
                name,
                page == null ? 0 : page.events(),
                page == null && statusOf(session) == OK ? Ledger.NO_ANSWER : statusOf(session),
                session.contains(MILLIS) ? session.getInt(MILLIS) : 0);
        return page == null ? session : session.set(AFTER, page.last());
    }

    /** Tells the ledger how fresh the events of the page read last are. */
    ChainBuilder countFreshness(String name) {
        return exec(session -> {
            Page page = session.get(PAGE);
            if (page != null) {
                long now = System.currentTimeMillis();
                for (long sent : page.sent()) {
                    ledger.delivered(name, now - sent);
                }
            }
            return session;
        });
    }

    /** Whether the last read gave a page. */
    static boolean hasPage(Session session) {
        return session.contains(PAGE);
    }

    /** Whether the last page was empty, or there was none. */
    static boolean isAtEnd(Session session) {
        Page page = session.get(PAGE);
        return page == null || page.events() == 0;
    }

    private static Session forget(Session session) {
        return session.remove(STATUS).remove(MILLIS).remove(PAGE);
    }

    private static HttpRequestActionBuilder judged(HttpRequestActionBuilder request) {
        return request.check(status().saveAs(STATUS), responseTimeInMillis().saveAs(MILLIS), status().in(OK, TOO_MANY))
                .checkIf((response, session) -> response.status().code() == TOO_MANY)
                .then(header("Retry-After").exists());
    }

    private static int statusOf(Session session) {
        return session.contains(STATUS) ? session.getInt(STATUS) : Ledger.NO_ANSWER;
    }

    private static ChainBuilder countRefusal() {
        return doIf(session -> statusOf(session) == TOO_MANY).then(exec(dummy("#{name}: refused", 0)));
    }
}
