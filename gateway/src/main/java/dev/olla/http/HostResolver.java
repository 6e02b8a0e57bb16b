package dev.olla.http;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Finds the addresses of a host by the operating system's own rules.
///
/// That blocks, in native code where a virtual thread would hold up others, so it has a few threads of its own,
/// which end when there is nothing to look up.
final class HostResolver {

    private static final int THREADS = 16;

    private final LookUp lookUp;
    private final ExecutorService threads;

    /// The addresses of a name; may block.
    @FunctionalInterface
    interface LookUp {
        InetAddress[] addressesOf(String name) throws UnknownHostException;
    }

    HostResolver(LookUp lookUp) {
        this.lookUp = lookUp;
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                10,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                task -> Thread.ofPlatform().daemon().name("olla-resolve").unstarted(task));
        pool.allowCoreThreadTimeOut(true);
        this.threads = pool;
    }

    static HostResolver system() {
        return new HostResolver(InetAddress::getAllByName);
    }

    /// Answers on the loop with the addresses in the system's order; an empty list means that the host is unknown.
    void resolve(Loop loop, Origin origin, Consumer<List<InetSocketAddress>> answer) {
        byte[] literal = NetUtil.createByteArrayFromIpAddressString(origin.host());
        if (literal != null) {
            answer.accept(List.of(new InetSocketAddress(address(literal), origin.port())));
            return;
        }
        threads.execute(() -> {
            List<InetSocketAddress> addresses = lookUp(origin);
            try {
                loop.execute(() -> answer.accept(addresses));
            } catch (RejectedExecutionException _) {
                // the loop has ended meanwhile, and nobody waits
            }
        });
    }

    private static InetAddress address(byte[] literal) {
        try {
            return InetAddress.getByAddress(literal);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    private List<InetSocketAddress> lookUp(Origin origin) {
        try {
            List<InetSocketAddress> addresses = new ArrayList<>(2);
            for (InetAddress address : lookUp.addressesOf(origin.host())) {
                addresses.add(new InetSocketAddress(address, origin.port()));
            }
            return addresses;
        } catch (UnknownHostException _) {
            return List.of();
        }
    }
}
