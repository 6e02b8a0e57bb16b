package dev.olla;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// SIGINT and SIGTERM: the first asks the program to stop, the second ends it at once with 130 or 143.
///
/// A shutdown hook could not do that: while hooks run the JVM swallows further signals, and it ends with 130 or 143
/// however clean the stop was. `sun.misc.Signal` is the JDK's only other way. The compiler warns of it in a manner
/// that can't be silenced, so it is called by reflection; where it is missing, the JVM's own handling stays.
final class StopSignals {

    private final CountDownLatch asked = new CountDownLatch(1);
    private final AtomicReference<@Nullable String> first = new AtomicReference<>();

    private StopSignals() {}

    static StopSignals install() {
        StopSignals signals = new StopSignals();
        signals.handle("INT", () -> signals.received("SIGINT", 130));
        signals.handle("TERM", () -> signals.received("SIGTERM", 143));
        // Without a handler it would end the program; what it asks for happens anyway while that starts.
        signals.handle("HUP", () -> {});
        return signals;
    }

    /// Runs the action on every SIGHUP, on a virtual thread.
    void onHangup(Runnable action) {
        handle("HUP", () -> Thread.ofVirtual().name("hangup").start(action));
    }

    private void handle(String name, Runnable received) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object ours = Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, (_, method, _) -> {
                if (method.getName().equals("handle")) {
                    received.run();
                }
                return null;
            });
            Object named = signal.getConstructor(String.class).newInstance(name);
            signal.getMethod("handle", signal, handler).invoke(null, named, ours);
        } catch (ClassNotFoundException
                | NoSuchMethodException
                | IllegalAccessException
                | InstantiationException
                | InvocationTargetException _) {
            // Under -Xrs, or without the module jdk.unsupported, a signal ends the JVM as it always did.
        }
    }

    private void received(String name, int exitCode) {
        if (first.compareAndSet(null, name)) {
            asked.countDown();
        } else {
            Runtime.getRuntime().halt(exitCode);
        }
    }

    /// Asks the program to stop as a signal does.
    void askWithoutSignal() {
        asked.countDown();
    }

    /// Waits until the program is to stop.
    ///
    /// @return the name of the first signal; null when none came
    @Nullable
    String await() throws InterruptedException {
        asked.await();
        return first.get();
    }
}
