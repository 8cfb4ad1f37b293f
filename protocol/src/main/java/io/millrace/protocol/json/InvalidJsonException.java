package io.millrace.protocol.json;

import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.exc.StreamReadException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** JSON that can't be taken: where and what is wrong, in our words. The cause has the parser's; it isn't for users. */
public final class InvalidJsonException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    static final String WRONG_FORM = "a required field is missing, or a field has the wrong type or form";

    /** A field's name may be the user's own: nothing long goes back. */
    private static final int MAX_POINTER = 200;

    private final @Nullable Integer line;
    private final @Nullable String pointer;

    InvalidJsonException(@Nullable Integer line, @Nullable String pointer, String detail, @Nullable Throwable cause) {
        super(detail, cause);
        this.line = line;
        this.pointer = pointer;
    }

    static InvalidJsonException of(IOException fault) {
        for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
            if (cause instanceof StreamConstraintsException) {
                return new InvalidJsonException(null, null, Json.TOO_DEEP, fault);
            }
            if (cause instanceof StreamReadException syntax && !(cause instanceof InputCoercionException)) {
                Integer line = syntax.getLocation() == null
                        ? null
                        : Math.max(1, syntax.getLocation().getLineNr());
                return new InvalidJsonException(line, null, Json.NOT_JSON, fault);
            }
        }
        if (fault instanceof JsonMappingException mapping) {
            String detail = fault instanceof UnrecognizedPropertyException ? "the field is not known here" : WRONG_FORM;
            return new InvalidJsonException(null, pointer(mapping), detail, fault);
        }
        return new InvalidJsonException(null, null, Json.NOT_JSON, fault);
    }

    private static @Nullable String pointer(JsonMappingException fault) {
        StringBuilder pointer = new StringBuilder();
        for (JsonMappingException.Reference step : fault.getPath()) {
            pointer.append('/');
            String name = step.getFieldName();
            pointer.append(name == null ? Integer.toString(step.getIndex()) : escape(name));
        }
        return pointer.isEmpty() || pointer.length() > MAX_POINTER ? null : pointer.toString();
    }

    /** A name as a step of a JSON Pointer (RFC 6901). */
    public static String escape(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }

    /** The line of the fault, from 1, where the text isn't JSON. */
    public @Nullable Integer line() {
        return line;
    }

    /** The field at fault as a JSON Pointer, where known. */
    public @Nullable String pointer() {
        return pointer;
    }
}
