// SPDX-License-Identifier: GPL-2.0
/*
 * Tasks of the book's scenarios as threads of a running kernel, on the locks of real folios of a file.
 *
 *   echo "POLICY SCENE ORDER ROUNDS SPREAD HOLD" > /sys/module/meeting/parameters/run
 *
 * POLICY, SCENE: as the book calls them. ORDER: a letter for each step, the first of the task that takes it; what is
 * not named there goes as it likes; "-" forces nothing. ROUNDS: each has threads and folios of its own. SPREAD: each
 * thread begins up to so many microseconds late, by chance. HOLD: microseconds between getting a lock and the next
 * step. A single round tells every step; several are only counted.
 *
 * It locks and unlocks, and writes nothing. Who hangs stays so until the machine is switched off: for a machine that
 * is thrown away afterwards.
 */
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/fs.h>
#include <linux/kthread.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/pagemap.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/wait.h>

#define PAGES 3
#define PATIENCE (HZ / 5) /* after so long without an end the next round begins */
#define LATE 3000 /* milliseconds in which a round may still come to its end before it is counted as hung */

static char *file = "/mnt/a";
module_param(file, charp, 0444);

static char policy[24], scene[24], order[64];
static int spread, hold, used; /* used: rounds so far, each with folios of its own */
static bool told;
static atomic_t ended;

static bool is(const char *name) { return !strcmp(policy, name); }
static bool in(const char *name) { return !strcmp(scene, name); }

struct work {
	struct list_head line;
	int page; /* -1: a sync */
	struct completion *done;
};

struct round {
	struct folio *folio[PAGES];
	int pages, works; /* of the file; that the flusher will get */
	spinlock_t lock;
	struct list_head queue;
	wait_queue_head_t come, turns;
	int step;
	atomic_t running;
	struct completion go, ended;
};

struct player {
	struct round *r;
	const char *name;
	void (*play)(struct player *p);
};

/* Whose step is it? Once the order is used up: anybody's. */
static bool mine(struct player *p)
{
	int step = READ_ONCE(p->r->step);

	return step >= strlen(order) || order[step] == p->name[0];
}

static void say(struct player *p, const char *what, int page)
{
	if (told && page < 0)
		pr_info("meeting: %d %s %s\n", p->r->step, p->name, what);
	else if (told)
		pr_info("meeting: %d %s %s A%d\n", p->r->step, p->name, what, page);
}

static void stepped(struct player *p, const char *what, int page)
{
	spin_lock(&p->r->lock);
	p->r->step++;
	say(p, what, page);
	spin_unlock(&p->r->lock);
	if (order[0])
		wake_up_all(&p->r->turns);
}

/* A step that never sleeps for anybody. */
static void step(struct player *p, const char *what, int page)
{
	if (order[0])
		wait_event_idle(p->r->turns, mine(p));
	stepped(p, what, page);
}

/* Locking a folio: who finds it locked goes to sleep for it at once, whoever's step it is. */
static void lock_page_of(struct player *p, int page)
{
	struct folio *folio = p->r->folio[page];

	if (order[0])
		wait_event_idle(p->r->turns, mine(p) || folio_test_locked(folio));
	if (!folio_trylock(folio)) {
		say(p, "waits for", page);
		folio_lock(folio);
	}
	stepped(p, "lock_page", page);
	if (hold)
		udelay(hold);
}

static bool trylock_page_of(struct player *p, int page)
{
	bool got;

	if (order[0])
		wait_event_idle(p->r->turns, mine(p));
	got = folio_trylock(p->r->folio[page]);
	stepped(p, got ? "trylock_page" : "trylock_page fails", page);
	if (got && hold)
		udelay(hold);
	return got;
}

static void unlock_page_of(struct player *p, int page)
{
	if (order[0])
		wait_event_idle(p->r->turns, mine(p));
	folio_unlock(p->r->folio[page]);
	stepped(p, "unlock_page", page);
}

static void get_page_of(struct player *p, int page, const char *how)
{
	step(p, how, page);
	folio_get(p->r->folio[page]);
}

static void put_page_of(struct player *p, int page)
{
	step(p, "put_page", page);
	folio_put(p->r->folio[page]);
}

static void queue_work_of(struct player *p, int page, struct completion *done)
{
	struct work *work = kzalloc(sizeof(*work), GFP_KERNEL | __GFP_NOFAIL);

	work->page = page;
	work->done = done;
	if (order[0])
		wait_event_idle(p->r->turns, mine(p));
	spin_lock(&p->r->lock);
	list_add_tail(&work->line, &p->r->queue);
	spin_unlock(&p->r->lock);
	stepped(p, page < 0 ? "queue_sync" : "queue_work", page);
	wake_up_all(&p->r->come);
}

static void settle(struct player *p, int page)
{
	step(p, "wait_on_page_writeback", page);
	folio_wait_writeback(p->r->folio[page]);
}

/* The filesystem writes a page: here, only the locks that it takes on the way. */
static void write_of(struct player *p, int page)
{
	int next;

	settle(p, page);
	if (!in("piggyback") && !in("piggyback_try")) {
		step(p, "writepage", page);
		return;
	}
	for (next = page + 1; next < p->r->pages; next++) {
		if (in("piggyback"))
			lock_page_of(p, next);
		else if (!trylock_page_of(p, next))
			continue;
		unlock_page_of(p, next);
	}
	step(p, "writepage", page);
}

static void neighbour(struct player *p, int page)
{
	if (page < 0 || page >= p->r->pages)
		return;
	get_page_of(p, page, "find_get_page");
	if (is("writearound"))
		lock_page_of(p, page);
	else if (!trylock_page_of(p, page))
		goto out;
	write_of(p, page);
	unlock_page_of(p, page);
out:
	put_page_of(p, page);
}

static void execute(struct player *p, int page)
{
	bool around = is("writearound") || is("trylock_around");
	int following = is("write_ahead") && page + 1 < p->r->pages ? page + 1 : -1;

	if (!is("lock_at_enqueue"))
		lock_page_of(p, page);
	if (around)
		neighbour(p, page - 1);
	write_of(p, page);
	if (around)
		neighbour(p, page + 1);
	if (following >= 0)
		get_page_of(p, following, "find_get_page");
	unlock_page_of(p, page);
	put_page_of(p, page);
	if (following >= 0) {
		lock_page_of(p, following);
		write_of(p, following);
		unlock_page_of(p, following);
		put_page_of(p, following);
	}
}

static void kswapd(struct player *p)
{
	int page = p->r->pages / 2;

	step(p, "picks", page);
	if (is("lock_at_enqueue") && !trylock_page_of(p, page)) {
		queue_work_of(p, -1, NULL); /* refused: the flusher still gets the number of works it waits for */
		return;
	}
	get_page_of(p, page, "get_page");
	queue_work_of(p, page, NULL);
}

static void writer(struct player *p)
{
	int page;

	for (page = 0; page < p->r->pages; page++)
		lock_page_of(p, page);
	for (page = 0; page < p->r->pages; page++)
		settle(p, page);
	step(p, "submits all", -1);
	for (page = 0; page < p->r->pages; page++)
		unlock_page_of(p, page);
}

static void sync_file(struct player *p)
{
	struct completion *done = kzalloc(sizeof(*done), GFP_KERNEL | __GFP_NOFAIL);

	init_completion(done);
	queue_work_of(p, -1, done);
	say(p, "waits for the completion of its work", -1);
	wait_for_completion(done);
	step(p, "is done", -1);
}

static void flusher(struct player *p)
{
	struct round *r = p->r;
	struct work *work;
	int page, left;

	for (left = r->works; left; left--) {
		wait_event_idle(r->come, !list_empty(&r->queue));
		if (order[0])
			wait_event_idle(r->turns, mine(p));
		spin_lock(&r->lock);
		work = list_first_entry(&r->queue, struct work, line);
		list_del(&work->line);
		spin_unlock(&r->lock);
		stepped(p, work->page < 0 ? "takes the sync" : "takes the work of", work->page);
		if (work->page >= 0) {
			execute(p, work->page);
			continue;
		}
		if (!work->done)
			continue;
		for (page = 0; page < r->pages; page++) {
			lock_page_of(p, page);
			settle(p, page);
			step(p, "writepage", page);
			unlock_page_of(p, page);
		}
		complete(work->done);
	}
}

static int play(void *argument)
{
	struct player *p = argument;

	wait_for_completion_state(&p->r->go, TASK_IDLE);
	if (spread)
		udelay(get_random_u32() % spread);
	p->play(p);
	if (atomic_dec_and_test(&p->r->running)) {
		atomic_inc(&ended);
		complete(&p->r->ended);
	}
	return 0;
}

static void invite(struct round *r, const char *name, void (*program)(struct player *))
{
	struct player *p = kzalloc(sizeof(*p), GFP_KERNEL | __GFP_NOFAIL);

	p->r = r;
	p->name = name;
	p->play = program;
	atomic_inc(&r->running);
	kthread_run(play, p, "%s", name);
}

/* One round. What hangs keeps all that it has. */
static int meet(struct address_space *mapping, int number)
{
	struct round *r = kzalloc(sizeof(*r), GFP_KERNEL | __GFP_NOFAIL);
	int page;

	r->pages = in("sync_ahead") ? 1 : in("abba") ? 2 : 3;
	r->works = in("sync_ahead") ? 2 : 1;
	for (page = 0; page < r->pages; page++) {
		r->folio[page] = filemap_get_folio(mapping, number * PAGES + page);
		if (IS_ERR_OR_NULL(r->folio[page]) || (page && r->folio[page] == r->folio[page - 1]))
			return -EINVAL; /* not in memory, or one folio for several pages */
	}
	spin_lock_init(&r->lock);
	INIT_LIST_HEAD(&r->queue);
	init_waitqueue_head(&r->come);
	init_waitqueue_head(&r->turns);
	init_completion(&r->go);
	init_completion(&r->ended);
	invite(r, "flusher", flusher);
	invite(r, "kswapd", kswapd);
	if (in("abba"))
		invite(r, "writer", writer);
	if (in("sync_ahead"))
		invite(r, "sync", sync_file);
	complete_all(&r->go);
	wait_for_completion_timeout(&r->ended, PATIENCE);
	return 0;
}

static int run(const char *text, const struct kernel_param *unused)
{
	int number, rounds, error = 0;
	struct file *f;

	if (sscanf(text, "%23s %23s %63s %d %d %d", policy, scene, order, &rounds, &spread, &hold) != 6)
		return -EINVAL;
	if (order[0] == '-')
		order[0] = 0;
	told = rounds == 1;
	f = filp_open(file, O_RDWR, 0); /* it stays open: hung threads have its folios */
	if (IS_ERR(f))
		return PTR_ERR(f);
	atomic_set(&ended, 0);
	for (number = 0; number < rounds && !error; number++)
		error = meet(f->f_mapping, used++);
	if (atomic_read(&ended) < rounds)
		msleep(LATE);
	pr_info("meeting: result %s %s rounds=%d ended=%d spread=%d hold=%d\n", policy, scene, number,
		atomic_read(&ended), spread, hold);
	return error;
}

static const struct kernel_param_ops ops = { .set = run };
module_param_cb(run, &ops, NULL, 0200);

static int __init begin(void) { return 0; }
module_init(begin);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Scenarios of a textbook on the locks of real folios");
