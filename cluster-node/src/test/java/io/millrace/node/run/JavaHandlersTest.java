package io.millrace.node.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class JavaHandlersTest {
    private final JavaHandlers handlers = JavaHandlers.load();

    @Test
    void handlersAreFoundByTheirClass() {
        assertThat(handlers.knows(Copying.class.getName())).isTrue();
        assertThat(handlers.create(Copying.class.getName())).isInstanceOf(Copying.class);
        assertThat(handlers.create(Copying.class.getName()))
                .as("each run has an instance of its own")
                .isNotSameAs(handlers.create(Copying.class.getName()));
    }

    @Test
    void whatIsNoServiceIsUnknown() {
        assertThat(handlers.knows("java.lang.String")).isFalse();
        assertThatThrownBy(() -> handlers.create("java.lang.String")).hasMessageContaining("java.lang.String");
    }
}
