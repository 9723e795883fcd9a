// Sums and broadcasts between processes over libtorch's own c10d: a TCPStore where they meet, Gloo over TCP between each two of them.
// Works on plain memory; knows nothing of the binding's tensors. The thread's last error is in exchange_error().
#define USE_C10D_GLOO
#include <ATen/ATen.h>
#include <torch/csrc/distributed/c10d/PrefixStore.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#define EXPORT extern "C" __attribute__((visibility("default")))

namespace {
using std::chrono::milliseconds;
using std::chrono::steady_clock;

struct Group {
    c10::intrusive_ptr<c10d::Store> store;  // outlives the group, which asks it for addresses
    c10::intrusive_ptr<c10d::ProcessGroupGloo> gloo;
};

thread_local std::string error;

template <class Body>
auto guarded(Body body) -> decltype(body()) {
    try {
        return body();
    } catch (const c10::Error& e) {
        error = e.what_without_backtrace();
    } catch (const std::exception& e) {
        error = e.what();
    } catch (...) {
        error = "unknown native error";
    }
    return {};
}

std::vector<uint8_t> bytes(const std::string& text) { return {text.begin(), text.end()}; }

// The store is rank 0's: where it leaves first, the other would not learn why.
void linger(c10d::Store& store, int rank, int other, steady_clock::time_point deadline) {
    const auto key = [](int r) { return "read/" + std::to_string(r); };
    store.set(key(rank), bytes("1"));
    if (rank != 0) return;
    const auto left = std::chrono::duration_cast<milliseconds>(deadline - steady_clock::now());
    try {
        store.wait({key(other)}, std::clamp(left, milliseconds(1), milliseconds(2000)));
    } catch (const std::exception&) {
        // it is gone, or knows already
    }
}

// Every process says which number it has and of how many; all of them check what all others said.
void meet(c10d::Store& store, int rank, int size, steady_clock::time_point deadline) {
    const auto key = [](int r) { return "process/" + std::to_string(r); };
    if (rank < size && store.add("claimed/" + std::to_string(rank), 1) > 1)
        throw std::runtime_error("there is another process with rank " + std::to_string(rank));
    store.set(key(rank), bytes(std::to_string(size)));
    for (int other = 0; other < size; other++) {
        const auto left = std::chrono::duration_cast<milliseconds>(deadline - steady_clock::now());
        try {
            store.wait({key(other)}, std::max(left, milliseconds(1)));
        } catch (const std::exception&) {
            throw std::runtime_error("rank " + std::to_string(other) + " did not come in time, or rank 0 is gone");
        }
        const auto said = store.get(key(other));
        const std::string theirs(said.begin(), said.end());
        if (theirs != std::to_string(size)) {
            linger(store, rank, other, deadline);
            throw std::runtime_error("rank " + std::to_string(other) + " was told of " + theirs + " processes, rank " + std::to_string(rank) + " of " + std::to_string(size));
        }
    }
}

template <class Start>
int finished(Start start) {
    return guarded([&] {
        start()->wait();
        return 1;
    });
}
}  // namespace

EXPORT const char* exchange_error() { return error.c_str(); }

// local: the address of this machine that the others reach. Null on failure.
EXPORT Group* exchange_connect(const char* host, int port, const char* local, int rank, int size, int connectMs, int operationMs) {
    return guarded([&]() -> Group* {
        const auto deadline = steady_clock::now() + milliseconds(connectMs);
        c10d::TCPStoreOptions options;
        options.port = static_cast<uint16_t>(port);
        options.isServer = rank == 0;
        options.waitWorkers = false;
        options.timeout = milliseconds(connectMs);
        auto group = std::make_unique<Group>();
        group->store = c10::make_intrusive<c10d::TCPStore>(host, options);
        meet(*group->store, rank, size, deadline);
        auto gloo = c10d::ProcessGroupGloo::Options::create(milliseconds(operationMs));
        gloo->devices.push_back(c10d::ProcessGroupGloo::createDeviceForHostname(local));
        group->gloo = c10::make_intrusive<c10d::ProcessGroupGloo>(c10::make_intrusive<c10d::PrefixStore>("gloo", group->store), rank, size, gloo);
        return group.release();
    });
}

// 1, or 0 on failure; values become the sums over all processes.
EXPORT int exchange_sum_floats(Group* group, float* values, int64_t count) {
    return finished([&] {
        std::vector<at::Tensor> tensors{at::from_blob(values, {count}, at::kFloat)};
        return group->gloo->allreduce(tensors);
    });
}

EXPORT int exchange_sum_doubles(Group* group, double* values, int64_t count) {
    return finished([&] {
        std::vector<at::Tensor> tensors{at::from_blob(values, {count}, at::kDouble)};
        return group->gloo->allreduce(tensors);
    });
}

// 1, or 0 on failure; the bytes become rank 0's.
EXPORT int exchange_broadcast(Group* group, uint8_t* values, int64_t count) {
    return finished([&] {
        std::vector<at::Tensor> tensors{at::from_blob(values, {count}, at::kByte)};
        return group->gloo->broadcast(tensors);
    });
}

EXPORT void exchange_close(Group* group) {
    guarded([&] {
        delete group;
        return 0;
    });
}
