package dev.olla.fleet;

import java.util.concurrent.locks.ReentrantLock;

/// What discovery asks one endpoint: what kind it is, its list, and more about its models.
///
/// @param one held by the run that asks for more about the models, so that none is asked for twice
record EndpointQuestions(KindDetection kind, ModelListRequest list, ModelDetails details, ReentrantLock one) {

    EndpointQuestions(Endpoint endpoint, Surroundings surroundings) {
        this(new ModelListRequest(endpoint, surroundings), new ModelDetails(endpoint, surroundings), surroundings);
    }

    private EndpointQuestions(ModelListRequest list, ModelDetails details, Surroundings surroundings) {
        this(new KindDetection(list, surroundings), list, details, new ReentrantLock());
    }

    Endpoint endpoint() {
        return list.endpoint();
    }
}
