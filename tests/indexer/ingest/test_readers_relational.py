"""Articles that a database spreads over several tables, in dumps and in SQLite."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from indexer.article import Article, Reject, Warned
from indexer.ingest.readers import read_paths

STORY = "Warga berharap keadaan segera pulih. Petugas berjaga sampai malam hari."

WORDPRESS = f"""
CREATE TABLE `wp_users` (`ID` bigint NOT NULL, `user_login` varchar(60),
  `display_name` varchar(250), PRIMARY KEY (`ID`));
INSERT INTO `wp_users` VALUES (1,'admin','Redaksi'),(2,'ratna','Ratna Sari');
CREATE TABLE `wp_terms` (`term_id` bigint, `name` varchar(200), `slug` varchar(200),
  PRIMARY KEY (`term_id`));
INSERT INTO `wp_terms` VALUES (3,'Daerah','daerah'),(4,'jembatan','jembatan'),(5,'Utama','utama');
CREATE TABLE `wp_term_taxonomy` (`term_taxonomy_id` bigint, `term_id` bigint,
  `taxonomy` varchar(32), `description` longtext, `parent` bigint, `count` bigint,
  PRIMARY KEY (`term_taxonomy_id`));
INSERT INTO `wp_term_taxonomy` VALUES (13,3,'category','',0,1),
  (14,4,'post_tag','',0,1),(15,5,'nav_menu','',0,1);
CREATE TABLE `wp_term_relationships` (`object_id` bigint, `term_taxonomy_id` bigint,
  `term_order` int, PRIMARY KEY (`object_id`,`term_taxonomy_id`));
INSERT INTO `wp_term_relationships` VALUES (7,13,0),(7,14,0);
CREATE TABLE `wp_comments` (`comment_ID` bigint, `comment_post_ID` bigint, `comment_content` text,
  PRIMARY KEY (`comment_ID`));
INSERT INTO `wp_comments` VALUES (1,7,'Setuju sekali.');
CREATE TABLE `wp_postmeta` (`meta_id` bigint, `post_id` bigint, `meta_key` varchar(255),
  `meta_value` longtext, PRIMARY KEY (`meta_id`));
INSERT INTO `wp_postmeta` VALUES (1,7,'_thumbnail_id','9'),(2,7,'kecamatan','Cibiru'),
  (3,7,'_edit_lock','1');
CREATE TABLE `wp_posts` (`ID` bigint, `post_author` bigint, `post_date` datetime,
  `post_content` longtext, `post_title` text, `post_status` varchar(20), `guid` varchar(255),
  `post_type` varchar(20), PRIMARY KEY (`ID`));
INSERT INTO `wp_posts` VALUES
  (7,2,'2025-06-10 08:00:00','{STORY}','Satu','publish','https://contoh.id/?p=7','post'),
  (8,1,'2025-06-11 08:00:00','{STORY}','Dua','draft','https://contoh.id/?p=8','post'),
  (9,1,'2025-06-10 08:00:00','','gambar','inherit','https://contoh.id/a.jpg','attachment');
"""
DRUPAL7 = f"""
CREATE TABLE `field_data_body` (`entity_type` varchar(128), `bundle` varchar(128),
  `deleted` tinyint, `entity_id` int, `revision_id` int, `language` varchar(32), `delta` int,
  `body_value` longtext, `body_summary` longtext,
  PRIMARY KEY (`entity_type`,`entity_id`,`deleted`,`delta`,`language`));
INSERT INTO `field_data_body` VALUES ('node','article',0,7,21,'und',0,'{STORY}',''),
  ('node','article',0,8,22,'und',0,'<p>{STORY} Dua.</p>',''),
  ('comment','c',0,3,3,'und',0,'Setuju.','');
CREATE TABLE `field_data_field_tags` (`entity_type` varchar(128), `deleted` tinyint,
  `entity_id` int, `delta` int, `field_tags_tid` int);
INSERT INTO `field_data_field_tags` VALUES ('node',0,7,0,4),('node',0,7,1,5);
CREATE TABLE `file_managed` (`fid` int, `uid` int, `filename` varchar(255), `uri` varchar(255),
  PRIMARY KEY (`fid`));
INSERT INTO `file_managed` VALUES (31,2,'a.jpg','https://contoh.id/a.jpg');
CREATE TABLE `field_data_field_image` (`entity_type` varchar(128), `deleted` tinyint,
  `entity_id` int, `delta` int, `field_image_fid` int, `field_image_alt` varchar(512));
INSERT INTO `field_data_field_image` VALUES ('node',0,7,0,31,'Jembatan');
CREATE TABLE `node` (`nid` int, `vid` int, `type` varchar(32), `title` varchar(255), `uid` int,
  `status` int, `created` int, PRIMARY KEY (`nid`), UNIQUE KEY `vid` (`vid`));
INSERT INTO `node` VALUES (7,21,'article','Satu',2,1,1749517200),
  (8,22,'article','Dua',2,1,1749603600);
CREATE TABLE `node_revision` (`nid` int, `vid` int, `uid` int, `title` varchar(255), `log` text,
  PRIMARY KEY (`vid`));
INSERT INTO `node_revision` VALUES (7,20,2,'Satu lama',''),(7,21,2,'Satu',''),(8,22,2,'Dua','');
CREATE TABLE `taxonomy_index` (`nid` int, `tid` int, `sticky` int, `created` int);
INSERT INTO `taxonomy_index` VALUES (7,3,0,0),(7,4,0,0),(7,5,0,0),(8,3,0,0);
CREATE TABLE `taxonomy_term_data` (`tid` int, `vid` int, `name` varchar(255), PRIMARY KEY (`tid`));
INSERT INTO `taxonomy_term_data` VALUES (3,1,'Daerah'),(4,2,'jembatan'),(5,2,'banjir');
CREATE TABLE `taxonomy_vocabulary` (`vid` int, `name` varchar(255), `machine_name` varchar(255),
  PRIMARY KEY (`vid`));
INSERT INTO `taxonomy_vocabulary` VALUES (1,'Rubrik','rubrik'),(2,'Tagar','tags');
CREATE TABLE `users` (`uid` int, `name` varchar(60), `mail` varchar(254), PRIMARY KEY (`uid`));
INSERT INTO `users` VALUES (0,'',''),(2,'Ratna Sari','r@contoh.id');
"""
DRUPAL6 = f"""
CREATE TABLE `node` (`nid` int, `vid` int, `type` varchar(32), `title` varchar(255), `uid` int,
  `status` int, `created` int, PRIMARY KEY (`nid`));
INSERT INTO `node` VALUES (7,21,'story','Satu',2,1,1249517200);
CREATE TABLE `node_revisions` (`nid` int, `vid` int, `uid` int, `title` varchar(255),
  `body` longtext, `teaser` longtext, `timestamp` int, PRIMARY KEY (`vid`));
INSERT INTO `node_revisions` VALUES (7,20,2,'Satu','Naskah lama.','',1),
  (7,21,2,'Satu','{STORY}','',2);
CREATE TABLE `term_node` (`nid` int, `vid` int, `tid` int, PRIMARY KEY (`tid`,`vid`));
INSERT INTO `term_node` VALUES (7,21,3);
CREATE TABLE `term_data` (`tid` int, `vid` int, `name` varchar(255), PRIMARY KEY (`tid`));
INSERT INTO `term_data` VALUES (3,1,'jembatan');
CREATE TABLE `users` (`uid` int, `name` varchar(60), PRIMARY KEY (`uid`));
INSERT INTO `users` VALUES (2,'Ratna Sari');
"""
DRUPAL10 = f"""
CREATE TABLE `node__body` (`bundle` varchar(128), `deleted` tinyint, `entity_id` int,
  `revision_id` int, `langcode` varchar(32), `delta` int, `body_value` longtext);
INSERT INTO `node__body` VALUES ('article',0,7,21,'id',0,'{STORY}');
CREATE TABLE `node__field_tags` (`bundle` varchar(128), `deleted` tinyint, `entity_id` int,
  `revision_id` int, `delta` int, `field_tags_target_id` int);
INSERT INTO `node__field_tags` VALUES ('article',0,7,21,0,43);
CREATE TABLE `node_field_data` (`nid` int, `vid` int, `type` varchar(32), `status` tinyint,
  `uid` int, `title` varchar(255), `created` int, PRIMARY KEY (`nid`,`langcode`));
INSERT INTO `node_field_data` VALUES (7,21,'article',1,2,'Satu',1749517200);
CREATE TABLE `node_revision__body` (`entity_id` int, `revision_id` int, `body_value` longtext);
INSERT INTO `node_revision__body` VALUES (7,20,'Naskah lama.'),(7,21,'{STORY}');
CREATE TABLE `taxonomy_term_field_data` (`tid` int, `vid` varchar(32), `name` varchar(255));
INSERT INTO `taxonomy_term_field_data` VALUES (43,'tags','jembatan');
CREATE TABLE `users_field_data` (`uid` int, `langcode` varchar(12), `name` varchar(60));
INSERT INTO `users_field_data` VALUES (2,'id','Ratna Sari');
"""
JOOMLA = f"""
CREATE TABLE `jos_content` (`id` int, `title` varchar(255), `introtext` mediumtext,
  `fulltext` mediumtext, `state` tinyint, `catid` int, `created` datetime, `created_by` int,
  PRIMARY KEY (`id`));
INSERT INTO `jos_content` VALUES (7,'Satu','{STORY}','',1,3,'2025-06-10 01:00:00',2);
CREATE TABLE `jos_categories` (`id` int, `parent_id` int, `title` varchar(255), `alias` text,
  PRIMARY KEY (`id`));
INSERT INTO `jos_categories` VALUES (1,0,'ROOT',''),(3,1,'Daerah','daerah');
CREATE TABLE `jos_contentitem_tag_map` (`type_alias` varchar(255), `core_content_id` int,
  `content_item_id` int, `tag_id` int);
INSERT INTO `jos_contentitem_tag_map` VALUES ('com_content.article',1,7,4);
CREATE TABLE `jos_tags` (`id` int, `parent_id` int, `title` varchar(255), PRIMARY KEY (`id`));
INSERT INTO `jos_tags` VALUES (4,1,'jembatan');
CREATE TABLE `jos_users` (`id` int, `name` varchar(400), `username` varchar(150),
  PRIMARY KEY (`id`));
INSERT INTO `jos_users` VALUES (2,'Ratna Sari','ratna');
CREATE TABLE `jos_content_rating` (`content_id` int, `rating_sum` int, PRIMARY KEY (`content_id`));
INSERT INTO `jos_content_rating` VALUES (7,12);
"""
MOVABLE_TYPE = f"""
CREATE TABLE mt_author (author_id integer, author_name varchar(255), author_nickname varchar(255),
  PRIMARY KEY (author_id));
INSERT INTO mt_author VALUES (2,'ratna','Ratna Sari');
CREATE TABLE mt_category (category_id integer, category_label varchar(100),
  category_parent integer, PRIMARY KEY (category_id));
INSERT INTO mt_category VALUES (3,'Daerah',0);
CREATE TABLE mt_entry (entry_id integer, entry_author_id integer, entry_status smallint,
  entry_title varchar(255), entry_text mediumtext, entry_text_more mediumtext,
  entry_authored_on datetime, PRIMARY KEY (entry_id));
INSERT INTO mt_entry VALUES (7,2,2,'Satu','{STORY}','','2025-06-10 08:00:00');
CREATE TABLE mt_placement (placement_id integer, placement_entry_id integer,
  placement_category_id integer, placement_is_primary smallint, PRIMARY KEY (placement_id));
INSERT INTO mt_placement VALUES (1,7,3,1);
CREATE TABLE mt_objecttag (objecttag_id integer, objecttag_object_id integer,
  objecttag_object_datasource varchar(50), objecttag_tag_id integer, PRIMARY KEY (objecttag_id));
INSERT INTO mt_objecttag VALUES (1,7,'entry',4);
CREATE TABLE mt_tag (tag_id integer, tag_name varchar(255), PRIMARY KEY (tag_id));
INSERT INTO mt_tag VALUES (4,'jembatan');
"""
#: A program of somebody's own, in Indonesian, as PostgreSQL dumps it.
OWN = f"""--
-- PostgreSQL database dump
--
CREATE TABLE public.berita (id_berita integer NOT NULL, judul text, isi text, tanggal timestamp,
    id_rubrik integer, id_wartawan integer);
CREATE TABLE public.rubrik (id_rubrik integer NOT NULL, nama_rubrik text);
CREATE TABLE public.wartawan (id_wartawan integer NOT NULL, nama text);
CREATE TABLE public.topik (id_topik integer NOT NULL, topik_nama text);
CREATE TABLE public.berita_topik (id_berita integer, id_topik integer);
COPY public.berita (id_berita, judul, isi, tanggal, id_rubrik, id_wartawan) FROM stdin;
7\tSatu\t{STORY}\t2025-06-10 08:00:00\t3\t2
\\.
COPY public.berita_topik (id_berita, id_topik) FROM stdin;
7\t4
\\.
COPY public.rubrik (id_rubrik, nama_rubrik) FROM stdin;
3\tDaerah
\\.
COPY public.topik (id_topik, topik_nama) FROM stdin;
4\tjembatan
\\.
COPY public.wartawan (id_wartawan, nama) FROM stdin;
2\tRatna Sari
\\.
"""
DUMPS = {
    "wordpress": WORDPRESS,
    "drupal 7": DRUPAL7,
    "drupal 6": DRUPAL6,
    "drupal 10": DRUPAL10,
    "joomla": JOOMLA,
    "movable type": MOVABLE_TYPE,
    "own": OWN,
}


def read(path: Path) -> tuple[dict[str, Article], list[Reject | Warned]]:
    items = list(read_paths([path]))
    articles = {item.title: item for item in items if isinstance(item, Article)}
    return articles, [item for item in items if not isinstance(item, Article)]


def read_dump(tmp_path: Path, text: str) -> tuple[dict[str, Article], list[Reject | Warned]]:
    path = tmp_path / "dump.sql"
    path.write_text(text, "utf-8")
    return read(path)


@pytest.mark.parametrize("name", DUMPS)
def test_a_dump_gives_each_article_whole(tmp_path: Path, name: str) -> None:
    articles, told = read_dump(tmp_path, DUMPS[name])
    assert list(articles) == (["Satu", "Dua"] if name == "drupal 7" else ["Satu"])
    article = articles["Satu"]
    assert (article.id, article.body, article.authors) == ("7", STORY, ["Ratna Sari"])
    assert article.tags == (["jembatan", "banjir"] if name == "drupal 7" else ["jembatan"])
    assert article.category == ("" if name in ("drupal 6", "drupal 10") else "Daerah")
    assert article.published_at
    assert not any(isinstance(one, Reject) for one in told)
    assert any("with what these say of them" in str(one) for one in told)


@pytest.mark.parametrize("name", [name for name in DUMPS if name != "own"])
def test_a_database_gives_the_same(tmp_path: Path, name: str) -> None:
    path = tmp_path / "situs.db"
    script = DUMPS[name].replace("UNIQUE KEY `vid` (`vid`)", "UNIQUE (`vid`)")
    script = script.replace("PRIMARY KEY (`nid`,`langcode`)", "PRIMARY KEY (`nid`)")
    with closing(sqlite3.connect(path)) as database:
        database.executescript(script)
    from_dump, _ = read_dump(tmp_path, DUMPS[name])
    articles, _ = read(path)

    def tell(article: Article) -> dict[str, Any]:
        return {key: value for key, value in article.to_dict().items() if key != "extra"}

    assert {key: tell(one) for key, one in articles.items()} == {
        key: tell(one) for key, one in from_dump.items()
    }


def test_keys_with_values_and_pictures_go_along(tmp_path: Path) -> None:
    article = read_dump(tmp_path, WORDPRESS)[0]["Satu"]
    assert article.image == "https://contoh.id/a.jpg"
    assert article.extra["kecamatan"] == "Cibiru"
    assert "_edit_lock" not in article.extra
    article = read_dump(tmp_path, DRUPAL7)[0]["Satu"]
    assert article.image == "https://contoh.id/a.jpg"
    article = read_dump(tmp_path, JOOMLA)[0]["Satu"]
    assert article.extra["rating_sum"] == "12"


def test_drafts_and_comments_stay_out(tmp_path: Path) -> None:
    articles, told = read_dump(tmp_path, WORDPRESS)
    assert list(articles) == ["Satu"]
    assert any("left out, because they are not published: 1 draft" in str(one) for one in told)
    assert "Setuju" not in articles["Satu"].body


def test_numbers_that_are_no_references_join_nothing(tmp_path: Path) -> None:
    """A count that happens to be an id of another table."""
    articles, _ = read_dump(
        tmp_path,
        f"""
        CREATE TABLE berita (id int, judul text, isi text, dilihat int, urutan int);
        INSERT INTO berita VALUES (1,'Satu','{STORY}',1,2),(2,'Dua','{STORY}',2,1);
        CREATE TABLE kategori (id int, nama text);
        INSERT INTO kategori VALUES (1,'Daerah'),(2,'Ekonomi');
        CREATE TABLE pengguna (id int, nama text);
        INSERT INTO pengguna VALUES (1,'Ratna'),(2,'Sari');
        """,
    )
    assert [(one.category, one.tags, one.authors) for one in articles.values()] == [
        ("", [], []),
        ("", [], []),
    ]


def test_a_reference_that_leads_nowhere_joins_nothing(tmp_path: Path) -> None:
    articles, _ = read_dump(
        tmp_path,
        f"""
        CREATE TABLE berita (id int, judul text, isi text, id_kategori int);
        INSERT INTO berita VALUES (1,'Satu','{STORY}',77),(2,'Dua','{STORY}',78);
        CREATE TABLE kategori (id int, nama text);
        INSERT INTO kategori VALUES (1,'Daerah');
        """,
    )
    assert [one.category for one in articles.values()] == ["", ""]


_ROWS = ", ".join(f"({number},'Kabar {number}','{STORY}',1)" for number in range(1, 9))
EIGHT_ARTICLES = f"""
CREATE TABLE kategori (id int, nama text);
INSERT INTO kategori VALUES (1,'Daerah');
CREATE TABLE berita (id int, judul text, isi text, id_kategori int);
INSERT INTO berita VALUES {_ROWS};
"""


def test_a_dump_without_room_goes_in_without_what_other_tables_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from indexer.ingest.readers import spool

    monkeypatch.setattr(spool, "MAX_SPOOLED", 300)
    articles, told = read_dump(tmp_path, EIGHT_ARTICLES)
    assert len(articles) == 8
    assert {one.category for one in articles.values()} == {"", "Daerah"}
    assert any("lack what other tables say of them" in str(one) for one in told)


@pytest.mark.parametrize("stored", [0, 3])
def test_a_dump_that_the_disk_has_no_room_for_goes_in_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stored: int
) -> None:
    from indexer.ingest.readers import spool

    monkeypatch.setattr(spool, "_CHECKED_EVERY", stored * len(STORY))
    monkeypatch.setattr(spool, "disk_usage", lambda folder: SimpleNamespace(free=7))
    articles, told = read_dump(tmp_path, EIGHT_ARTICLES)
    assert sorted(articles) == [f"Kabar {number}" for number in range(1, 9)]
    assert ["do not fit into temporary files: 7 bytes are free" in str(one) for one in told] == [
        True
    ]


def test_lines_are_those_of_the_dump(tmp_path: Path) -> None:
    _, told = read_dump(
        tmp_path,
        f"CREATE TABLE berita (id int, judul text, isi text);\n"
        f"INSERT INTO berita VALUES\n(1,'Satu','{STORY}'),\n(2,'Dua','');\n",
    )
    assert [(one.line, one.reason) for one in told] == [(4, "no text: it has a title only")]


TYPO3 = f"""
CREATE TABLE `tx_news_domain_model_news` (`uid` int, `pid` int, `title` varchar(255),
  `bodytext` text, `author` tinytext, `categories` int, `tags` int, PRIMARY KEY (`uid`));
INSERT INTO `tx_news_domain_model_news` VALUES (41,7,'Satu','{STORY}','Ratna Sari',1,1);
CREATE TABLE `sys_category` (`uid` int, `title` tinytext, PRIMARY KEY (`uid`));
INSERT INTO `sys_category` VALUES (3,'Daerah');
CREATE TABLE `sys_category_record_mm` (`uid_local` int, `uid_foreign` int, `tablenames` tinytext);
INSERT INTO `sys_category_record_mm` VALUES (3,41,'tx_news_domain_model_news'),(3,9,'pages');
CREATE TABLE `tx_news_domain_model_tag` (`uid` int, `title` tinytext, PRIMARY KEY (`uid`));
INSERT INTO `tx_news_domain_model_tag` VALUES (9,'jembatan');
CREATE TABLE `tx_news_domain_model_news_tag_mm` (`uid_local` int, `uid_foreign` int);
INSERT INTO `tx_news_domain_model_news_tag_mm` VALUES (41,9);
"""


def test_links_whose_columns_name_no_table_are_judged_by_their_values(tmp_path: Path) -> None:
    path = tmp_path / "typo3.sql"
    path.write_text(TYPO3, "utf-8")
    (article,) = (item for item in read_paths([path]) if isinstance(item, Article))
    assert (article.category, article.tags) == ("Daerah", ["jembatan"])
    assert article.authors == ["Ratna Sari"]


def test_the_key_of_a_table_is_the_id_whatever_its_name(tmp_path: Path) -> None:
    path = tmp_path / "arsip.db"
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE t_isi (kd INTEGER PRIMARY KEY, jdl TEXT, tulisan TEXT)")
        database.execute("INSERT INTO t_isi VALUES (7, 'Satu', ?)", (STORY,))
        database.commit()
    (article,) = (item for item in read_paths([path]) if isinstance(item, Article))
    assert (article.id, article.title, article.body) == ("7", "Satu", STORY)
