/** Owns the settings: records read once from HOCON and validated, with messages that name the key. */
@NullMarked
package io.millrace.node.settings;

import org.jspecify.annotations.NullMarked;
