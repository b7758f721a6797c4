// The keys of persons while the program runs. A route asks for the key of a person before it gives
// its command; a person who is new gets a key, which is durable before the answer. New keys are
// made durable in groups, by one sync for all that wait, on a thread of their own: no I/O thread
// and not the sequencer waits for it. On the way out, reveal() puts the plaintext where sealed
// texts stand.
//
// A key is on trial until a command that it was made for has been kept. When every command that
// used it was refused, nothing is sealed with it, and it is forgotten again; when that is not known
// for certain, it stays. So no event is there without its key, and a refused wish leaves no key of
// a person. A hard end of the process in between may leave one, which opens nothing.
//
// Threads: any. What is given to of() and destroy() is called before the keys end. The newest
// 100,000 keys are kept in memory, however many persons there are.
//
// Errors: a key that cannot be made durable is not given out. What cannot be opened, because its
// key was destroyed or for any other reason, reads "(erased)".
#pragma once
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "eventstore/lru_map.h"
#include "privacy/key_store.h"
#include "privacy/sealer.h"
#include "privacy/vault.h"

namespace yeyak::privacy {

inline constexpr std::string_view erased_text = "(erased)";

struct KeyPlaces {
    std::filesystem::path keys;  // folder
    MasterKeySource master;
};

class PersonKeys {
  public:
    // Opens; makes what is missing when `if_missing` allows it, but no master key beside keys that
    // another one wraps. Refused, with what to do, when the master key is not there or is another
    // one. `vault` must outlive it.
    static StoreResult<std::unique_ptr<PersonKeys>> open(const KeyPlaces& places,
                                                         const Vault& vault, IfMissing if_missing);
    // For commands that only read, also beside a server.
    static StoreResult<std::unique_ptr<PersonKeys>> open_read_only(const KeyPlaces& places,
                                                                   const Vault& vault);
    ~PersonKeys();

    // Calls `done` with the sealer of a person, whose key is durable: at once when the key is
    // known, otherwise later, on the thread of the keys. `handle` as in privacy/person.h.
    void of(const std::string& handle, std::function<void(StoreResult<Sealer>)> done);
    // What became of the command that the sealer was asked for: whether anything of it is kept, so
    // that its texts may stand somewhere. At most once for each sealer; without it, the key stays.
    void end_trial(const Sealer& sealer, bool kept);
    // The same as of() without making a key: to look for what was sealed.
    std::optional<Sealer> known(std::string_view handle);

    // See KeyStore::id().
    StoreResult<std::string> id() const { return store_->id(); }
    std::string name_of(std::string_view handle) const { return vault_.key_name(handle); }
    // The keys of these names that are there.
    StoreResult<std::vector<KeyRef>> refs(const std::vector<std::string>& names) const;

    // The plaintext of one sealed text; any other text as it is.
    std::string reveal(std::string_view text);
    // Replaces every sealed text that stands in a text, or in JSON with the escapes of JSON.
    void reveal_texts(std::string& text) { replace(text, false); }
    void reveal_json(std::string& json) { replace(json, true); }

    // See KeyStore::destroy(). `done` is called on the thread of the keys.
    void destroy(std::vector<KeyRef> refs, std::function<void(StoreResult<std::size_t>)> done);
    // See KeyStore::copy_to().
    StoreResult<void> copy_to(const std::filesystem::path& folder) const {
        return store_->copy_to(folder);
    }
    // Before anybody is served, or where no event loop runs.
    StoreResult<std::size_t> destroy_now(const std::vector<KeyRef>& refs);

  private:
    using KeyPtr = std::shared_ptr<const PersonKey>;  // null: there is none, as far as is known
    using Waiting = std::function<void(StoreResult<Sealer>)>;
    struct NewKey {
        StoredKey stored;
        KeyPtr key;
    };
    struct Trial {
        KeyRef ref;
        KeyPtr key;
        std::size_t uses = 0;  // commands that were given it and have not ended
    };
    struct Destruction {
        std::vector<KeyRef> refs;
        std::function<void(StoreResult<std::size_t>)> done;
    };
    PersonKeys(std::unique_ptr<KeyStore> store, std::vector<MasterKey> masters, const Vault& vault);
    static StoreResult<void> check_master(KeyStore& store, const MasterKeySource& source,
                                          const MasterKey& master, bool write);
    StoreResult<KeyPtr> find(const std::string& name);  // with the lock
    KeyPtr find_or_nothing(const std::string& name);
    void replace(std::string& text, bool json);
    NewKey make(const std::string& name) const;
    bool has_work() const {  // with the lock
        return !new_.empty() || !destructions_.empty() || !to_forget_.empty();
    }
    void run();
    void forget(const std::vector<KeyRef>& refs);
    void write_new(std::vector<NewKey> keys);

    std::unique_ptr<KeyStore> store_;
    std::vector<MasterKey> masters_;  // the first one wraps new keys
    const Vault& vault_;
    std::mutex mutex_;
    std::condition_variable arrived_;
    LruMap<KeyPtr> cache_{100'000};
    std::map<std::string, std::vector<Waiting>> waiting_;  // by the name of a key that is new
    std::vector<NewKey> new_;
    std::map<std::string, Trial> trials_;      // by name
    std::map<std::string, KeyRef> to_forget_;  // by name; a new one may be asked for meanwhile
    std::vector<Destruction> destructions_;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace yeyak::privacy
