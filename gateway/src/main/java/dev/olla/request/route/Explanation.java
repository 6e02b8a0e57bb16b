package dev.olla.request.route;

import dev.olla.fleet.Endpoint;
import dev.olla.fleet.EndpointState;
import org.jspecify.annotations.Nullable;

/// Says why an endpoint was no candidate for a request, in words. Pure.
public final class Explanation {

    private final ModelRouting routing;

    public Explanation(ModelRouting routing) {
        this.routing = routing;
    }

    /// What a route was made from, ready to be asked.
    public final class Of {

        private final Route route;
        private final Reach reach;

        private Of(Route route) {
            this.route = route;
            this.reach = routing.reach(route.fleet(), route.request());
        }

        /// Why the endpoint is no candidate.
        public String whyNot(EndpointState state) {
            Endpoint endpoint = state.endpoint();
            RouteRequest request = route.request();
            if (!Reach.contains(reach.inScope(), endpoint)) {
                return "is no " + request.scope().label() + " server, which the route "
                        + request.scope().pathPrefix() + " wants";
            }
            if (!state.routable()) {
                return "is " + state.status().word();
            }
            String model = request.model();
            boolean holds = model != null && routing.holds(route.fleet(), endpoint, model);
            if (!holds && model != null) {
                return "does not hold the model";
            }
            return Reach.contains(reach.usable(), endpoint)
                    ? "was not needed"
                    : "its kind (" + state.profile().name() + ") is not known to serve the path";
        }
    }

    public Of of(Route route) {
        return new Of(route);
    }

    /// The words for a candidate that another one was preferred to.
    ///
    /// @param winner null when nobody was chosen
    public static String whyLost(Candidate loser, @Nullable Candidate winner) {
        if (winner == null) {
            return "was not tried";
        }
        return winner.declared() && !loser.declared()
                ? "its model is not known to do what the request needs; that of " + winner.endpoint() + " is"
                : "the balancer chose " + winner.endpoint();
    }
}
