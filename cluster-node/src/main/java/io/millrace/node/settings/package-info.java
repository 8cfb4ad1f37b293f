/** Owns the settings of a node: records that are validated once, with messages that name the key. */
@NullMarked
package io.millrace.node.settings;

import org.jspecify.annotations.NullMarked;
