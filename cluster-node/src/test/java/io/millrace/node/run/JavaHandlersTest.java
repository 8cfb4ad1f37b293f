package io.millrace.node.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.protocol.http.HandlerSpec;
import org.junit.jupiter.api.Test;

class JavaHandlersTest {
    private final JavaHandlers handlers = JavaHandlers.load();

    private static HandlerSpec.Java spec(String name) {
        return new HandlerSpec.Java(name, null);
    }

    @Test
    void handlersAreFoundByTheirClass() {
        assertThat(handlers.knows(Copying.class.getName())).isTrue();
        assertThat(handlers.create(spec(Copying.class.getName()))).isInstanceOf(Copying.class);
        assertThat(handlers.create(spec(Copying.class.getName())))
                .as("each run has an instance of its own")
                .isNotSameAs(handlers.create(spec(Copying.class.getName())));
    }

    @Test
    void whatIsNoServiceIsUnknown() {
        assertThat(handlers.knows("java.lang.String")).isFalse();
        assertThatThrownBy(() -> handlers.create(spec("java.lang.String"))).hasMessageContaining("java.lang.String");
    }
}
