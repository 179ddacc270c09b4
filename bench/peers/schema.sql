-- What a peer needs, as somebody would write it who has nothing but this feed.
create table users (
    id bigint, username text not null, display_name text not null, bio text not null, created_at timestamptz not null
);
create table follows (follower_id bigint not null, followee_id bigint not null, created_at timestamptz not null);
create table posts (
    id bigint, author_id bigint not null, caption text not null, like_count int not null, comment_count int not null,
    created_at timestamptz not null
);
create table media (
    id bigint, post_id bigint not null, kind text not null, object_key text not null, width int not null,
    height int not null, blurhash text not null, position smallint not null
);
create table likes (post_id bigint not null, user_id bigint not null, created_at timestamptz not null);
create table comments (
    id bigint, post_id bigint not null, author_id bigint not null, text text not null, created_at timestamptz not null,
    like_count int not null
);
-- then
alter table users add primary key (id);
create unique index on users (username);
alter table follows add primary key (follower_id, followee_id);
create index on follows (followee_id, follower_id);
alter table posts add primary key (id);
create index on posts (author_id, id desc);
alter table media add primary key (id);
create index on media (post_id, position);
alter table likes add primary key (post_id, user_id);
create index on likes (user_id, post_id);
alter table comments add primary key (id);
create index on comments (post_id, id desc);
alter table follows
    add foreign key (follower_id) references users (id), add foreign key (followee_id) references users (id);
alter table posts add foreign key (author_id) references users (id);
alter table media add foreign key (post_id) references posts (id);
alter table likes add foreign key (post_id) references posts (id), add foreign key (user_id) references users (id);
alter table comments
    add foreign key (post_id) references posts (id), add foreign key (author_id) references users (id);
