package io.millrace.protocol.lane;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;

/**
 * What a run has to know where a key's events wait behind one that is among the dead letters.
 *
 * @param pointer where the key stands in payloads, see {@link LaneKey}
 * @param held by queue, the keys whose events aren't to be handled
 * @param redriving whether the run reads what was redriven in order: then what isn't to be handled is passed, since it still is
 *     among the dead letters; else it goes there
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Keys(String pointer, Map<String, List<String>> held, boolean redriving) {}
