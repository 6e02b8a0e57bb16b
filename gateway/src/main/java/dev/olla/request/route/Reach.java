package dev.olla.request.route;

import dev.olla.fleet.Endpoint;
import dev.olla.fleet.EndpointState;
import dev.olla.fleet.FleetSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/// The endpoints that a request may use as far as its route and its path tell, before its model is looked at.
///
/// @param inScope those that the route admits, down ones included
/// @param routable those of them that take requests
/// @param usable those of them whose kind is known to serve the path; all of them where no kind is
/// @param lenient those that may be tried when no usable one holds the model: a list of paths is never complete
record Reach(
        List<EndpointState> inScope,
        List<EndpointState> routable,
        List<EndpointState> usable,
        List<EndpointState> lenient) {

    static Reach of(FleetSnapshot fleet, RouteRequest request, PathIndex paths, Ways ways) {
        if (request.scope().wholeFleet() && request.call() != null) {
            return wholeFleet(fleet, request, ways);
        }
        List<EndpointState> inScope =
                those(fleet.endpoints(), state -> request.scope().accepts(state));
        List<EndpointState> routable = those(inScope, EndpointState::takesWork);
        Set<String> supporters = paths.supporters(request.path());
        List<EndpointState> usable = supporting(supporters, routable);
        return new Reach(inScope, routable, usable, lenient(request.path(), supporters, routable, usable));
    }

    /// What a server lists doesn't count where a request may be translated for it.
    private static Reach wholeFleet(FleetSnapshot fleet, RouteRequest request, Ways ways) {
        List<EndpointState> inScope = those(fleet.endpoints(), state -> ways.of(request, state) != null);
        List<EndpointState> routable = those(inScope, EndpointState::takesWork);
        return new Reach(inScope, routable, routable, routable);
    }

    /// The list itself where all are wanted.
    private static List<EndpointState> those(List<EndpointState> states, Predicate<EndpointState> wanted) {
        boolean all = true;
        for (int i = 0; all && i < states.size(); i++) {
            all = wanted.test(states.get(i));
        }
        return all ? states : only(states, wanted);
    }

    private static List<EndpointState> only(List<EndpointState> states, Predicate<EndpointState> wanted) {
        List<EndpointState> those = new ArrayList<>(states.size());
        for (EndpointState state : states) {
            if (wanted.test(state)) {
                those.add(state);
            }
        }
        return those;
    }

    private static List<EndpointState> supporting(Set<String> supporters, List<EndpointState> states) {
        if (supporters.isEmpty()) {
            return states;
        }
        List<EndpointState> supporting = those(states, state -> isListed(supporters, state) || isOfUnknownKind(state));
        return supporting.isEmpty() ? states : supporting;
    }

    /// Where only servers of unknown kind may serve the path, that is no reason to hide the others. And a path of
    /// the OpenAI family that one kind lists may well be served by other kinds of that family, in other releases.
    private static List<EndpointState> lenient(
            String path, Set<String> supporters, List<EndpointState> routable, List<EndpointState> usable) {
        if (!anyListed(supporters, usable)) {
            return routable;
        }
        return path.startsWith("/v1/")
                ? those(routable, state -> state.profile().openAiCompatible())
                : usable;
    }

    private static boolean anyListed(Set<String> supporters, List<EndpointState> states) {
        for (EndpointState state : states) {
            if (isListed(supporters, state)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isListed(Set<String> supporters, EndpointState state) {
        return !isOfUnknownKind(state) && supporters.contains(state.profile().name());
    }

    private static boolean isOfUnknownKind(EndpointState state) {
        return state.ofUnknownKind();
    }

    static boolean contains(List<EndpointState> states, Endpoint endpoint) {
        for (EndpointState state : states) {
            if (state.endpoint() == endpoint) {
                return true;
            }
        }
        return false;
    }
}
