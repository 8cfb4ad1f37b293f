package io.millrace.node.http;

import io.millrace.node.http.Pace.Late;
import io.millrace.protocol.Problem;
import io.millrace.protocol.ProblemType;
import io.millrace.protocol.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.function.LongSupplier;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.BidiShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.util.ByteString;

/**
 * Stands between the network and HTTP (or TLS), passes all bytes on and tells the connection's pace of them. Ends the
 * connection when it is told to. An end from within waits until the network has taken what was written: nobody else would
 * notice a client that never does.
 */
final class PaceStage extends GraphStage<BidiShape<ByteString, ByteString, ByteString, ByteString>> {
    private static final ByteString TOO_SLOW = tooSlow();

    private final Inlet<ByteString> answers = Inlet.create("Pace.answers");
    private final Outlet<ByteString> toClient = Outlet.create("Pace.toClient");
    private final Inlet<ByteString> fromClient = Inlet.create("Pace.fromClient");
    private final Outlet<ByteString> requests = Outlet.create("Pace.requests");
    private final BidiShape<ByteString, ByteString, ByteString, ByteString> shape =
            BidiShape.of(answers, toClient, fromClient, requests);
    private final Visit visit;
    private final LongSupplier nanos;

    PaceStage(Visit visit, LongSupplier nanos) {
        this.visit = visit;
        this.nanos = nanos;
    }

    @Override
    public BidiShape<ByteString, ByteString, ByteString, ByteString> shape() {
        return shape;
    }

    @Override
    public GraphStageLogic createLogic(Attributes attributes) {
        return new Logic();
    }

    /** In the words of every other answer. */
    private static ByteString tooSlow() {
        byte[] body = Json.bytes(
                Problem.of(ProblemType.REQUEST_TIMEOUT, "the request's head took too long to arrive, or none came"));
        return ByteString.fromString("HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Type: "
                + Problem.MEDIA_TYPE + "\r\nContent-Length: " + body.length + "\r\n\r\n"
                + new String(body, StandardCharsets.UTF_8));
    }

    private final class Logic extends GraphStageLogic {
        private boolean ending;

        Logic() {
            super(shape);
            setHandler(answers, new AbstractInHandler() {
                @Override
                public void onPush() {
                    ByteString bytes = grab(answers);
                    visit.pace().sending(bytes.size(), nanos.getAsLong());
                    push(toClient, bytes);
                }

                @Override
                public void onUpstreamFinish() {
                    if (visit.pace().isSending()) {
                        ending = true;
                    } else {
                        complete(toClient);
                    }
                }

                @Override
                public void onUpstreamFailure(Throwable failure) {
                    fail(toClient, failure);
                }
            });
            setHandler(toClient, new AbstractOutHandler() {
                @Override
                public void onPull() {
                    visit.pace().sent(nanos.getAsLong());
                    if (ending) {
                        complete(toClient);
                    } else {
                        pull(answers);
                    }
                }

                @Override
                public void onDownstreamFinish(Throwable cause) {
                    visit.pace().sent(nanos.getAsLong());
                    cancel(answers, cause);
                }
            });
            setHandler(fromClient, new AbstractInHandler() {
                @Override
                public void onPush() {
                    visit.pace().received(nanos.getAsLong());
                    push(requests, grab(fromClient));
                }

                @Override
                public void onUpstreamFinish() {
                    complete(requests);
                }

                @Override
                public void onUpstreamFailure(Throwable failure) {
                    fail(requests, failure);
                }
            });
            setHandler(requests, new AbstractOutHandler() {
                @Override
                public void onPull() {
                    pull(fromClient);
                }

                @Override
                public void onDownstreamFinish(Throwable cause) {
                    cancel(fromClient, cause);
                }
            });
        }

        @Override
        public void preStart() {
            visit.began(createAsyncCallback(this::end)::invoke);
        }

        @Override
        public void postStop() {
            visit.ended();
        }

        /** Only what the client doesn't take has to be torn off: an orderly end would wait for it. */
        private void end(Visit.End why) {
            if (why.late() == Late.HEAD && why.inPlainText() && isAvailable(toClient)) {
                push(toClient, TOO_SLOW);
            }
            if (why.late() == Late.ANSWER || why.atOnce()) {
                fail(toClient, new SlowClientException());
            }
            completeStage();
        }
    }

    /** Tells the network to drop what it has. */
    private static final class SlowClientException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        SlowClientException() {
            super("the client takes too long", null, false, false);
        }
    }
}
