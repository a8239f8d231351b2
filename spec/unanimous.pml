/*
 * The agreement of Unanimous, for Spin: whole-log Sequence Paxos with configurations in the log, three stores.
 *
 * Knows: Prepare, Promise, AcceptSync, Accept, Decide, config entries, restarts; loss, duplication and reordering of
 * every message. Does not know: time, election, snapshots, sessions. Written from the protocol's text, not from the
 * TypeScript. README.md says line by line what each action stands for and why leaving out the rest is safe.
 *
 * Switches (-D): BALLOTS, LENGTH, CONFIGS, GENESIS bound the world; CONTROL_* break one rule each.
 */

#ifndef BALLOTS
#define BALLOTS 3 /* ballots that may ever be started, by any store, in any order; at most 7 */
#endif
#ifndef LENGTH
#define LENGTH 2 /* entries a log may hold; at most 3 */
#endif
#ifndef CONFIGS
#define CONFIGS 1 /* config entries that may ever be appended, in all logs together */
#endif
#ifndef GENESIS
#define GENESIS 7 /* the voters before the first config entry, as a set of bits */
#endif

/* A switch for what must not hold in a negative control: there agreement itself has to fail, not a lemma on the way. */
#if defined(CONTROL_TAIL) || defined(CONTROL_PARTIAL) || defined(CONTROL_FORGET) || defined(CONTROL_OWN)
#define LEMMA(fact) skip
#else
#define LEMMA(fact) assert(fact)
#endif

/* An entry is 6 bits: the ballot that first appended it, and its voters (0: an ordinary command). Two entries of one
   ballot at one index are the same entry, so this is all there is to compare. A log is its entries, first one lowest. */
#define ENTRY(log, at) (((log) >> (6 * (at))) & 63)
#define VOTERS(entry) ((entry) & 7)
#define AUTHOR(entry) ((entry) >> 3)
#define PREFIX(log, end) ((log) & ((1 << (6 * (end))) - 1))
#define LEN(log) ((log) == 0 -> 0 : ((log) < 64 -> 1 : ((log) < 4096 -> 2 : 3)))
#define APPENDED(log, entry) ((log) | ((entry) << (6 * LEN(log))))

/* cfgAt(log, at): the last config entry below `at`, else genesis. */
#define CONFIG1(log) (VOTERS(ENTRY(log, 0)) != 0 -> VOTERS(ENTRY(log, 0)) : GENESIS)
#define CONFIG2(log) (VOTERS(ENTRY(log, 1)) != 0 -> VOTERS(ENTRY(log, 1)) : CONFIG1(log))
#define CONFIG_AT(log, at) ((at) == 0 -> GENESIS : ((at) == 1 -> CONFIG1(log) : CONFIG2(log)))

#define SIZE(set) (((set) & 1) + (((set) >> 1) & 1) + ((set) >> 2))
#define MAJORITY(voters, set) (2 * SIZE((voters) & (set)) > SIZE(voters))

/* What a store has durably; `decided` alone may be lost in a restart. */
typedef Store {
  unsigned promised : 3;
  unsigned accepted : 3;
  unsigned decided : 2;
  unsigned log : 18
}
Store store[3];

/* What a ballot is, was and has sent. Its Accept and AcceptSync messages are `log`: once in phase A, every prefix that
   holds the adopted entries may arrive anywhere, any number of times, for ever. */
#define IDLE 0 /* not started */
#define P 1    /* its leader collects promises */
#define A 2    /* its leader has adopted a log; it may append */
#define VOID 3 /* its leader restarted or promised a higher ballot before phase A */
typedef Ballot {
  unsigned phase : 2;
  unsigned leader : 2;  /* P only */
  unsigned heard : 3;   /* P only: whose Promise arrived */
  unsigned best : 3;    /* accepted ballot of the largest report so far; kept in A */
  unsigned decided : 2; /* P: the most decided of the reports; A: what its leader has decided */
  unsigned log : 18;    /* P: the log of the largest report; A: the leader's log */
  unsigned acks : 6     /* A: two bits a store, the longest log it ever Accepted in this ballot */
}
Ballot ballot[BALLOTS + 1];

#define ACK(n, i) ((ballot[n].acks >> (2 * (i))) & 3)
#define HOLDERS(n, at) ((ACK(n, 0) > (at)) | ((ACK(n, 1) > (at)) << 1) | ((ACK(n, 2) > (at)) << 2))

/* Everything chosen so far, in order. Only watches: no guard reads it. */
unsigned chosen : 18;

/* Scratch: not part of the state. */
hidden int fresh;
hidden int start;
hidden byte at;
hidden byte other;

/* I3: a majority of the governing config, and of the new voters too if it is a config, hold it in this ballot. */
#define CHOSEN_AT(n, at) \
  (MAJORITY(CONFIG_AT(ballot[n].log, at), HOLDERS(n, at)) && \
   (VOTERS(ENTRY(ballot[n].log, at)) == 0 || MAJORITY(VOTERS(ENTRY(ballot[n].log, at)), HOLDERS(n, at))))

/* AGREEMENT. The leader of `n` decides upward from where its promisers were; what was chosen once is never another. */
inline watch(n) {
  do
  :: ballot[n].decided < LEN(ballot[n].log) && CHOSEN_AT(n, ballot[n].decided) ->
    if
    :: ballot[n].decided < LEN(chosen) ->
      assert(ENTRY(chosen, ballot[n].decided) == ENTRY(ballot[n].log, ballot[n].decided))
    :: else ->
      assert(ballot[n].decided == LEN(chosen));
      chosen = APPENDED(chosen, ENTRY(ballot[n].log, ballot[n].decided))
    fi;
    ballot[n].decided++
  :: else -> break
  od
}

/* What must hold of a store after each step that writes to it. */
inline check(i) {
  assert(store[i].accepted <= store[i].promised);                                  /* I1 */
  assert(store[i].decided <= LEN(store[i].log));                                   /* I1 */
  assert(PREFIX(store[i].log, store[i].decided) == PREFIX(chosen, store[i].decided)); /* decided is stable */
  LEMMA(store[i].log == PREFIX(ballot[store[i].accepted].log, LEN(store[i].log)))  /* I2 */
}

inline stepDown(i) {
  other = 1;
  do
  :: other > BALLOTS -> break
  :: else ->
    if
    :: ballot[other].phase == P && ballot[other].leader == i ->
      ballot[other].phase = VOID;
      ballot[other].leader = 0;
      ballot[other].heard = 0;
      ballot[other].best = 0;
      ballot[other].decided = 0;
      ballot[other].log = 0
    :: else
    fi;
    other++
  od;
  other = 0
}

/* The stores that genesis does not tell apart wake in order; every other run is one of these with names exchanged. */
#if GENESIS == 7
#define MAY_WAKE(i) ((i) == 0 || store[(i) - ((i) > 0)].promised > 0)
#else
#define MAY_WAKE(i) ((i) != 2 || store[1].promised > 0)
#endif

/* A promise matters only when it arrives: one that does not is like messages that are lost. So without -DWHOLE=1 a store
   promises at the moment in which its Promise, or the first AcceptSync after it, arrives; and who leads does not. */
#ifndef WHOLE
#define WHOLE 0
#endif
#define PROMISES(i, n) \
  (store[i].promised == n || (!WHOLE && store[i].promised < n && MAY_WAKE(i) && !LEADS(i)))
#define COLLECTS(i, n) (ballot[n].phase == P && ballot[n].leader == i)
#if BALLOTS == 1
#define LEADS(i) COLLECTS(i, 1)
#elif BALLOTS == 2
#define LEADS(i) (COLLECTS(i, 1) || COLLECTS(i, 2))
#elif BALLOTS == 3
#define LEADS(i) (COLLECTS(i, 1) || COLLECTS(i, 2) || COLLECTS(i, 3))
#else
#define LEADS(i) (COLLECTS(i, 1) || COLLECTS(i, 2) || COLLECTS(i, 3) || COLLECTS(i, 4))
#endif

/* Once all have promised more, nothing of a ballot arrives any more: what only it remembers is forgotten. */
#ifdef CONTROL_FORGET
#define retire() skip
#else
inline retire() {
  other = 1;
  do
  :: other > BALLOTS -> break
  :: else ->
    if
    :: ballot[other].phase == A && store[0].promised > other && store[1].promised > other && store[2].promised > other ->
      ballot[other].acks = 0;
      ballot[other].best = 0;
      if
      :: store[0].accepted != other && store[1].accepted != other && store[2].accepted != other ->
        ballot[other].log = 0;
        ballot[other].decided = 0;
      :: else
      fi
    :: else
    fi;
    other++
  od;
  other = 0
}
#endif

/* Nominate: commit the promise first, then Prepare leaves. The own promise counts. */
#define START(i, n, d) \
  d_step { \
    d <= store[i].decided && ballot[n].phase == IDLE && store[i].promised < n && MAY_WAKE(i) && (WHOLE || !LEADS(i)) -> \
    stepDown(i); \
    store[i].promised = n; \
    ballot[n].phase = P; \
    ballot[n].leader = i; \
    ballot[n].heard = 1 << i; \
    ballot[n].best = store[i].accepted; \
    ballot[n].decided = d; \
    ballot[n].log = store[i].log; \
    retire(); \
    check(i) \
  }

/* Prepare arrives. */
#define PREPARE(i, n) \
  d_step { \
    WHOLE && ballot[n].phase != IDLE && store[i].promised < n && MAY_WAKE(i) -> \
    stepDown(i); \
    store[i].promised = n; \
    check(i) \
  }

/* Promise arrives; it may be sent again and arrive again, with a later `decided`. */
#define LARGER(i, n) \
  (store[i].accepted > ballot[n].best || \
   (store[i].accepted == ballot[n].best && LEN(store[i].log) > LEN(ballot[n].log)))
#ifdef CONTROL_OWN
#define REPORTS(i, n) 0
#else
#define REPORTS(i, n) LARGER(i, n)
#endif
#define PROMISE(i, n, d) \
  d_step { \
    ballot[n].phase == P && PROMISES(i, n) && store[i].accepted < n && \
    d <= store[i].decided && ((ballot[n].heard & (1 << i)) == 0 || d > ballot[n].decided) -> \
    store[i].promised = n; \
    ballot[n].heard = ballot[n].heard | (1 << i); \
    if \
    :: REPORTS(i, n) -> ballot[n].best = store[i].accepted; ballot[n].log = store[i].log \
    :: else \
    fi; \
    if \
    :: d > ballot[n].decided -> ballot[n].decided = d \
    :: else \
    fi; \
    retire() \
  }

/* The promisers must hold a majority of the config that governs the first undecided index of the adopted log, and of
   every config entry from there on (the tail rule). */
#ifdef CONTROL_TAIL
#define TAIL(n, at) 1
#else
#define TAIL(n, at) \
  ((at) < ballot[n].decided || VOTERS(ENTRY(ballot[n].log, at)) == 0 || \
   MAJORITY(VOTERS(ENTRY(ballot[n].log, at)), ballot[n].heard))
#endif
#define COMPLETE(n) \
  d_step { \
    ballot[n].phase == P && \
    MAJORITY(CONFIG_AT(ballot[n].log, ballot[n].decided), ballot[n].heard) && \
    TAIL(n, 0) && TAIL(n, 1) && TAIL(n, 2) -> \
    LEMMA(ballot[n].decided <= LEN(ballot[n].log)); \
    LEMMA(PREFIX(ballot[n].log, ballot[n].decided) == PREFIX(chosen, ballot[n].decided)); \
    ballot[n].phase = A; \
    ballot[n].leader = 0; \
    ballot[n].heard = 0 \
  }

/* How much of a ballot's log was adopted: the entries of other authors. */
#define ADOPTED(n) \
  ((ENTRY(ballot[n].log, 0) != 0 && AUTHOR(ENTRY(ballot[n].log, 0)) != n) + \
   (ENTRY(ballot[n].log, 1) != 0 && AUTHOR(ENTRY(ballot[n].log, 1)) != n) + \
   (ENTRY(ballot[n].log, 2) != 0 && AUTHOR(ENTRY(ballot[n].log, 2)) != n))
#define MIN(a, b) ((a) < (b) -> (a) : (b))
#define MAX(a, b) ((a) > (b) -> (a) : (b))

inline know(i, n) {
  if
  :: store[i].accepted == n && store[i].decided < MIN(LEN(store[i].log), ballot[n].decided) ->
    store[i].decided = MIN(LEN(store[i].log), ballot[n].decided)
  :: else
  fi
}

inline acknowledge(i, n) {
  if
  :: LEN(store[i].log) > ACK(n, i) ->
    ballot[n].acks = (ballot[n].acks & (63 - (3 << (2 * i)))) | (LEN(store[i].log) << (2 * i));
    watch(n)
  :: else
  fi;
  if
  :: n < BALLOTS -> know(0, n); know(1, n); know(2, n)
  :: else -> store[i].decided = 0
  fi
}

/* AcceptSync arrives: all that was adopted, or nothing. Below `start` the store keeps what it has. */
#define SYNC_UP_TO(i, n, end) \
  d_step { \
    ballot[n].phase == A && PROMISES(i, n) && store[i].accepted < n && (end) <= ADOPTED(n) -> \
    start = (store[i].accepted == ballot[n].best -> MIN(LEN(store[i].log), ADOPTED(n)) : 0); \
    start = MAX(start, store[i].decided); \
    fresh = PREFIX(store[i].log, start) | (PREFIX(ballot[n].log, end) & ~((1 << (6 * start)) - 1)); \
    store[i].log = fresh; \
    store[i].accepted = n; \
    store[i].promised = n; \
    acknowledge(i, n); \
    check(i); \
    retire(); \
    fresh = 0; \
    start = 0 \
  }
#ifdef CONTROL_PARTIAL
#define SYNC(i, n) SYNC_UP_TO(i, n, 0) :: SYNC_UP_TO(i, n, 1) :: SYNC_UP_TO(i, n, 2)
#else
#define SYNC(i, n) SYNC_UP_TO(i, n, ADOPTED(n))
#endif

/* Accept arrives with an entry that somebody has accepted before. */
#define ACCEPT(i, n) \
  d_step { \
    store[i].promised == n && store[i].accepted == n && LEN(store[i].log) < LEN(ballot[n].log) -> \
    store[i].log = APPENDED(store[i].log, ENTRY(ballot[n].log, LEN(store[i].log))); \
    acknowledge(i, n); \
    check(i) \
  }

#define CONFIGS_IN(log) \
  ((VOTERS(ENTRY(log, 0)) != 0) + (VOTERS(ENTRY(log, 1)) != 0) + (VOTERS(ENTRY(log, 2)) != 0))
/* Accept arrives with an entry that nobody has accepted before: only now need it be known which one was sent. */
#define APPEND(i, n, voters) \
  d_step { \
    store[i].promised == n && store[i].accepted == n && LEN(store[i].log) < LENGTH && \
    LEN(store[i].log) == LEN(ballot[n].log) && voters != CONFIG_AT(store[i].log, LEN(store[i].log)) && \
    (voters == 0 || CONFIGS_IN(store[i].log) < CONFIGS) -> \
    ballot[n].log = APPENDED(ballot[n].log, ((n << 3) | voters)); \
    store[i].log = ballot[n].log; \
    acknowledge(i, n); \
    check(i) \
  }

/* Leadership is volatile; `decided` is durable only with the next write to the log. */
#ifdef CONTROL_FORGET
#define RESTART(i) \
  d_step { \
    store[i].promised > store[i].accepted -> \
    stepDown(i); \
    store[i].promised = store[i].accepted; \
    check(i) \
  }
#else
#define RESTART(i) \
  d_step { \
    WHOLE && LEADS(i) -> \
    stepDown(i); \
    check(i) \
  }
#endif

#define APPENDS(i, n) \
  APPEND(i, n, 0) :: APPEND(i, n, 1) :: APPEND(i, n, 2) :: APPEND(i, n, 3) :: \
  APPEND(i, n, 4) :: APPEND(i, n, 5) :: APPEND(i, n, 6) :: APPEND(i, n, 7)
#define STORE_AND_BALLOT(i, n) \
  START(i, n, 0) :: START(i, n, 1) :: START(i, n, 2) :: START(i, n, 3) :: PREPARE(i, n) :: \
  PROMISE(i, n, 0) :: PROMISE(i, n, 1) :: PROMISE(i, n, 2) :: PROMISE(i, n, 3) :: \
  SYNC(i, n) :: ACCEPT(i, n) :: APPENDS(i, n)
#define IN_BALLOT(n) \
  STORE_AND_BALLOT(0, n) :: STORE_AND_BALLOT(1, n) :: STORE_AND_BALLOT(2, n) :: COMPLETE(n)

init {
end:
  do
  :: IN_BALLOT(1)
#if BALLOTS > 1
  :: IN_BALLOT(2)
#endif
#if BALLOTS > 2
  :: IN_BALLOT(3)
#endif
#if BALLOTS > 3
  :: IN_BALLOT(4)
#endif
  :: RESTART(0) :: RESTART(1) :: RESTART(2)
  od
}
