package io.millrace.node.handlers;

import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;

/**
 * Loads the classes of one jar. Of the node it shows only what a handler's face names: the protocol and, as payloads are
 * read as its trees, Jackson. The node's other libraries can't be seen, so a jar brings its own, of any version.
 */
final class JarLoader extends URLClassLoader {
    private static final List<String> SHARED = List.of(
            "io.millrace.protocol.",
            "com.fasterxml.jackson.core.",
            "com.fasterxml.jackson.databind.",
            "com.fasterxml.jackson.annotation.",
            "org.jspecify.annotations.");

    JarLoader(URL jar) {
        super(new URL[] {jar}, new Face());
    }

    /** The platform's classes, and of the node's those that are shared; of its resources none. */
    private static final class Face extends ClassLoader {
        Face() {
            super(ClassLoader.getPlatformClassLoader());
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            if (SHARED.stream().noneMatch(name::startsWith)) {
                throw new ClassNotFoundException(name);
            }
            return JarLoader.class.getClassLoader().loadClass(name);
        }
    }
}
