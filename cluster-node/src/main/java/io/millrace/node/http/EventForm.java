package io.millrace.node.http;

import io.millrace.protocol.Event;
import io.millrace.protocol.event.EventOutput;
import io.millrace.protocol.http.MediaTypes;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;

/** The forms in which events are read. */
enum EventForm {
    NDJSON(MediaTypes.NDJSON, Answers.NDJSON),
    JSON(MediaTypes.JSON, ContentTypes.APPLICATION_JSON),
    EVENT_STREAM(MediaTypes.EVENT_STREAM, Answers.EVENT_STREAM),
    BLOCKS(MediaTypes.BLOCK, Answers.BLOCK);

    private final String mediaType;

    @SuppressWarnings("ImmutableEnumChecker") // immutable, though the framework doesn't say so
    private final ContentType contentType;

    EventForm(String mediaType, ContentType contentType) {
        this.mediaType = mediaType;
        this.contentType = contentType;
    }

    String mediaType() {
        return mediaType;
    }

    ContentType contentType() {
        return contentType;
    }

    /**
     * Writes one event; blocks go out whole instead.
     *
     * @param first whether it is the first of the answer
     */
    void write(EventOutput output, Event event, boolean first) {
        switch (this) {
            case NDJSON -> output.event(event).text("\n");
            case JSON -> output.text(first ? "" : ",").event(event);
            case EVENT_STREAM ->
                output.text("id: ")
                        .text(event.eid().toString())
                        .text("\ndata: ")
                        .event(event)
                        .text("\n\n");
            case BLOCKS -> throw new AssertionError("blocks go out as they are");
        }
    }
}
