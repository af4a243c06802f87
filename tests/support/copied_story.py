"""A story as an agency writes it, for tests of several outlets that have it."""

BANJIR = (
    "Banjir merendam tiga kecamatan di Kabupaten Rawamerta sejak Senin malam setelah tanggul "
    "Sungai Cibening jebol sepanjang 12 meter. Bupati mengatakan 640 keluarga mengungsi ke balai "
    "desa dan sekolah, dan dapur umum sudah didirikan di dua tempat. Petugas masih mencari seorang "
    "nelayan yang perahunya hanyut pada malam kejadian."
)
