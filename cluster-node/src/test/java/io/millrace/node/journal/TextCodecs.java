package io.millrace.node.journal;

import java.nio.ByteBuffer;
import java.util.List;

/** Events that are strings, states that are lists of them. */
final class TextCodecs implements EventCodec {
    static final Codecs CODECS = new Codecs(List.of(new TextCodecs()), List.of(new States()));
    static final String BROKEN = "a state that can't be decoded";

    @Override
    public boolean encodes(Object event) {
        return event instanceof String;
    }

    @Override
    public EncodedEvent encode(Object event) {
        return new EncodedEvent(
                "test.added.v1", JournalFixture.bytes((String) event), JournalFixture.bytes((String) event));
    }

    @Override
    public boolean decodes(String manifest) {
        return manifest.equals("test.added.v1");
    }

    @Override
    public Object decode(String manifest, ByteBuffer head) {
        return JournalFixture.text(head);
    }

    private static final class States implements SnapshotCodec {
        @Override
        public boolean encodes(Object state) {
            return state instanceof List;
        }

        @Override
        public EncodedSnapshot encode(Object state) {
            String text = ((List<?>) state).stream().map(String.class::cast).reduce("", (all, one) -> all + one + "\n");
            return new EncodedSnapshot("test.state.v1", JournalFixture.bytes(text));
        }

        @Override
        public boolean decodes(String manifest) {
            return manifest.equals("test.state.v1");
        }

        @Override
        public Object decode(String manifest, ByteBuffer bytes) {
            String text = JournalFixture.text(bytes);
            if (text.contains(BROKEN)) {
                throw new IllegalStateException("broken on purpose");
            }
            return text.lines().toList();
        }
    }
}
