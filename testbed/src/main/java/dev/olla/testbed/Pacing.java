package dev.olla.testbed;

import java.time.Duration;

/// How fast and how long a simulated server answers; zero tokens per second means as fast as it can.
record Pacing(Duration timeToFirstToken, double tokensPerSecond, int tokens) {

    static final Pacing IMMEDIATE = new Pacing(Duration.ZERO, 0, 12);

    long firstTokenNanos() {
        return timeToFirstToken.toNanos();
    }

    long intervalNanos() {
        return tokensPerSecond <= 0 ? 0 : (long) (1_000_000_000L / tokensPerSecond);
    }

    Pacing withTimeToFirstToken(Duration time) {
        return new Pacing(time, tokensPerSecond, tokens);
    }

    Pacing withTokensPerSecond(double rate) {
        return new Pacing(timeToFirstToken, rate, tokens);
    }

    Pacing withTokens(int count) {
        return new Pacing(timeToFirstToken, tokensPerSecond, count);
    }
}
